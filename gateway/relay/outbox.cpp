#include "gateway/relay/outbox.hpp"

#include "gateway/relay/sides.hpp"

namespace gateway::relay {

wire::progress outbox::send(wire::tls_stream& to, std::string_view bytes)
{
    if (!empty()) {
        kept_.append(bytes);
        return flush(to) == wire::progress::failed ? wire::progress::failed : wire::progress::moved;
    }
    auto const taken = to.write(bytes);
    if (taken.state != wire::progress::moved && taken.state != wire::progress::blocked)
        return wire::progress::failed;
    if (taken.bytes < bytes.size()) kept_.assign(bytes.substr(taken.bytes));
    return wire::progress::moved;
}

wire::progress outbox::flush(wire::tls_stream& to)
{
    if (empty()) return wire::progress::moved;
    auto const taken = to.write(std::string_view(kept_).substr(sent_));
    if (taken.state != wire::progress::moved && taken.state != wire::progress::blocked)
        return wire::progress::failed;
    sent_ += taken.bytes;
    if (!empty()) return wire::progress::blocked;
    forget(); // an idle stream keeps none
    return wire::progress::moved;
}

task<bool> deliver_rest(outbox& box, client_side const& client, std::chrono::milliseconds patience)
{
    client.timer.arm(patience);
    auto good = true;
    while (good && !box.empty()) {
        co_await client.wake.next();
        good = !client.timer.passed() && box.flush(client.tls) != wire::progress::failed;
    }
    client.timer.disarm();
    co_return good;
}

} // namespace gateway::relay
