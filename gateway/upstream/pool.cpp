#include "gateway/upstream/pool.hpp"

#include "certs/tls_context.hpp"

#include <array>
#include <cerrno>
#include <sys/socket.h>

namespace gateway::upstream {

namespace {

/// An idle link must have nothing to say: session tickets are taken in, everything else means that it is
/// over.
bool still_quiet(link& idle) noexcept
{
    if (!idle.socket.readable()) return true;
    std::array<char, 1> byte; // NOLINT(cppcoreguidelines-pro-type-member-init): written before it is read
    return idle.tls.read(byte).state == wire::progress::blocked;
}

int begin_connect(boost::asio::ip::tcp::endpoint const& to) noexcept
{
    auto const descriptor =
        socket(to.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    if (descriptor < 0) return -1;
    auto const size = static_cast<socklen_t>(to.size());
    if (::connect(descriptor, to.data(), size) == 0 || errno == EINPROGRESS) return descriptor;
    ::close(descriptor);
    return -1;
}

} // namespace

pool::pool(
    wire::readiness& set,
    wake_queue& wakes,
    deadlines& wheel,
    upstream_config const& config,
    limits_config const& limits,
    SSL_CTX* context,
    published<addresses> const& where)
    : set_(&set),
      wheel_(&wheel),
      config_(&config),
      limits_(&limits),
      context_(context),
      where_(where),
      wake_(wakes)
{
}

void end_of_lease::operator()(link* over) const noexcept
{
    over->tls.close_notify();
    delete over; // NOLINT(cppcoreguidelines-owning-memory): this is the owner's deleter
    --from->open_;
}

lease pool::take_idle(waker& owner)
{
    while (!idle_.empty()) {
        auto newest = std::move(idle_.back());
        idle_.pop_back();
        if (!still_quiet(*newest)) continue;
        newest->socket.wake(&owner);
        newest->reused = true;
        return newest;
    }
    return {};
}

task<connected>
pool::dial(boost::asio::ip::tcp::endpoint to, waker& owner, deadline& timer, wire::socket const& client)
{
    connected result;
    result.why = connect_failure::refused;
    auto const descriptor = begin_connect(to);
    if (descriptor < 0) co_return result;
    auto made = lease(new link(*set_, descriptor, owner, context_), end_of_lease{this});
    ++open_;
    auto const& name = config_->server_name.empty() ? config_->host : config_->server_name;
    if (!made->socket.open() || !certs::expect_server(made->tls.native(), name)) co_return result;

    auto over = wire::progress::blocked;
    while (over == wire::progress::blocked) {
        auto const error = made->socket.connect_error();
        if (error > 0) co_return result;
        if (error == 0) over = made->tls.handshake();
        if (over != wire::progress::blocked) break;
        co_await owner.next();
        if (client.peer_closed() || timer.passed()) {
            result.why = timer.passed() ? connect_failure::timeout : connect_failure::given_up;
            co_return result;
        }
    }
    if (over == wire::progress::moved)
        result.to = std::move(made);
    else
        result.why = connect_failure::tls;
    co_return result;
}

task<connected> pool::connect(waker& owner, wire::socket const& client)
{
    connected result;
    if (open_ >= config_->connections_max) {
        result.why = connect_failure::too_many;
        co_return result;
    }
    auto const known = where_.get();
    deadline timer(*wheel_, owner);
    timer.arm(limits_->upstream_connect);
    for (auto const& to : known) {
        result = co_await dial(to, owner, timer, client);
        if (result.to || result.why == connect_failure::given_up || timer.passed()) break;
    }
    co_return result;
}

void pool::give_back(lease done)
{
    if (idle_.size() >= config_->idle_max) return;
    done->socket.wake(&wake_);
    done->idle_since = wheel_->now();
    idle_.push_back(std::move(done));
}

task<> pool::tend()
{
    deadline round(*wheel_, wake_);
    for (;;) {
        round.arm(std::chrono::seconds{5});
        co_await wake_.next();
        auto const too_old = wheel_->now() - config_->idle_for;
        std::erase_if(
            idle_, [&](auto const& idle) { return idle->idle_since < too_old || !still_quiet(*idle); });
    }
}

} // namespace gateway::upstream
