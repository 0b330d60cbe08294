#include "tests/bench/load/websocket_session.hpp"

#include "tests/bench/load/connection.hpp"
#include "tests/bench/load/statistics.hpp"
#include "tests/bench/wire/fields.hpp"
#include "tests/bench/wire/frame.hpp"

#include <algorithm>

namespace bench::load {

websocket_session::websocket_session(options const& given, script const& texts, statistics& counts)
    : given_(&given),
      texts_(&texts),
      counts_(&counts),
      answers_(given.kind == work::push ? given.push_messages : 1)
{
}

step websocket_session::opened(connection& on, instant) { return on.send(texts_->upgrade); }

step websocket_session::received(connection& on, std::string_view bytes, instant now)
{
    inbox_ += bytes;
    if (!open_) return upgraded(on);
    counts_->received(bytes.size());
    return take_frames(on, now);
}

step websocket_session::upgraded(connection& on)
{
    constexpr std::size_t status_at = 9; // after "HTTP/1.1 "
    constexpr int switching_protocols = 101;
    if (inbox_.find("\r\n\r\n") == inbox_.npos) return step::go_on;
    auto const status =
        static_cast<int>(number(std::string_view(inbox_).substr(std::min(status_at, inbox_.size()))));
    counts_->answered(status);
    if (status != switching_protocols) {
        counts_->failed("refused_" + std::to_string(status));
        return step::fail;
    }
    open_ = true;
    inbox_.clear();
    return is_idle(given_->kind) ? step::settle : ask(on);
}

step websocket_session::ask(connection& on)
{
    awaited_ = answers_;
    asked_at_ = clock::now();
    return on.send(texts_->message);
}

step websocket_session::take_frames(connection& on, instant now)
{
    std::size_t used = 0;
    while (auto const next = read_frame(std::span(inbox_).subspan(used))) {
        used += next->bytes;
        if (next->kind == opcode::close) {
            counts_->failed("websocket_closed");
            return step::fail;
        }
        if (next->kind != opcode::text && next->kind != opcode::binary) continue;
        counts_->event();
        if (awaited_ != 0) --awaited_;
    }
    inbox_.erase(0, used);
    if (awaited_ != 0) return step::go_on;
    counts_->operation_took(now - asked_at_);
    return ask(on);
}

} // namespace bench::load
