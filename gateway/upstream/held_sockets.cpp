#include "gateway/upstream/held_sockets.hpp"

#include "gateway/upstream/stagger.hpp"
#include "gateway/wire/frame.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace gateway::upstream {

held_sockets::held_sockets(
    wake_queue& wakes,
    deadlines& wheel,
    warm_config const& config,
    published<credentials> const& current,
    certs::random_source const& random)
    : wheel_(wheel), config_(config), credentials_(current), random_(random), wake_(wakes)
{
}

std::optional<held_socket> held_sockets::take(socket_shape const& shape, waker& owner)
{
    book_.asked_for(shape, wheel_.now());
    wake_.wake();
    tend();
    auto const newest = std::ranges::find(held_.rbegin(), held_.rend(), shape, &held_socket::shape);
    if (newest == held_.rend()) return std::nullopt;
    auto taken = std::move(*newest);
    held_.erase(std::next(newest).base());
    taken.link->socket.wake(&owner);
    taken.link->reused = true;
    return taken;
}

std::optional<held_sockets::order> held_sockets::lacking()
{
    if (cooling_down_ || held_.size() >= config_.websockets) return std::nullopt;
    for (auto const& known : book_.all()) {
        auto const have = std::ranges::count(held_, known.shape, &held_socket::shape);
        if (static_cast<std::size_t>(have) >= known.wanted(wheel_.now())) continue;
        auto const& current = credentials_.get().by_grants[known.shape.grants.index()];
        if (current.bearer) return order{known.shape, current.bearer};
    }
    return std::nullopt;
}

void held_sockets::keep(order what, lease over, std::string answer)
{
    if (cooling_down_) return;
    auto const until = wheel_.now() + staggered(config_.websockets_idle_for, certs::random_fraction(random_));
    over->socket.wake(&wake_);
    held_.push_back(
        {std::move(over), std::move(what.shape), std::move(what.bearer), std::move(answer), until});
}

bool held_sockets::is_over(held_socket& one)
{
    if (!still_quiet(*one.link)) {
        ++lost_;
        return true;
    }
    auto const now = wheel_.now();
    auto const& current = credentials_.get().by_grants[one.shape.grants.index()];
    if (one.until > now && one.bearer == current.bearer && book_.wanted(one.shape, now) > 0) return false;
    say_goodbye(*one.link);
    return true;
}

/// As a client that leaves (RFC 6455 §7.1.1); the upstream's answer is not waited for.
void held_sockets::say_goodbye(link& to) const
{
    std::array<std::uint8_t, 4> mask{};
    random_(mask);
    (void)to.tls.write(wire::make_close(wire::close_code::normal, {}, mask));
}

void held_sockets::tend()
{
    std::erase_if(held_, [this](held_socket& one) { return is_over(one); });
}

void held_sockets::drop_all()
{
    for (auto const& one : held_)
        say_goodbye(*one.link);
    held_.clear();
    wake_.wake();
}

void held_sockets::cool_down()
{
    cooling_down_ = true;
    drop_all();
}

} // namespace gateway::upstream
