#include "gateway/upstream/resolver.hpp"

#include "gateway/base/on_end.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <string>

namespace net = boost::asio;
using net::ip::tcp;

namespace gateway::upstream {
namespace {

constexpr auto tuple = net::as_tuple(net::use_awaitable);
constexpr auto try_again = seconds{1};

auto const numeric_port = tcp::resolver::numeric_service | tcp::resolver::address_configured;

addresses endpoints_of(tcp::resolver::results_type const& results)
{
    auto found = addresses{};
    for (auto const& entry : results)
        found.push_back(entry.endpoint());
    return found;
}

} // namespace

boost::system::result<addresses> look_up_at_once(place const& what)
{
    net::io_context aside;
    boost::system::error_code unknown;
    auto const found =
        tcp::resolver(aside).resolve(what.host, std::to_string(what.port), numeric_port, unknown);
    if (unknown) return unknown;
    return endpoints_of(found);
}

struct resolver::state {
    state(net::io_context& control, place const& from, published<addresses>& to, line_sink tell)
        : what(from),
          out(to),
          service(std::to_string(from.port)),
          lookup(control),
          timer(control),
          failures(std::move(tell))
    {
    }

    static net::awaitable<void> keep_looking(std::shared_ptr<state> self);

    void publish(addresses found)
    {
        if (found != *out.latest()) out.publish(std::make_shared<addresses const>(std::move(found)));
    }

    place const what;
    published<addresses>& out;
    std::string const service;
    tcp::resolver lookup;
    net::steady_timer timer;
    notice failures;
    bool stopped = false;
};

/// No deadline on the look-up itself: getaddrinfo cannot be interrupted, only abandoned, and resolv.conf
/// bounds it. Meanwhile the last good answer stands.
net::awaitable<void> resolver::state::keep_looking(std::shared_ptr<state> self)
{
    while (!self->stopped) {
        auto const& host = self->what.host;
        auto [ec, results] = co_await self->lookup.async_resolve(host, self->service, numeric_port, tuple);
        if (self->stopped) co_return;
        bool const found = !ec && !results.empty();
        if (found)
            self->publish(endpoints_of(results));
        else
            self->failures.tell(
                "cannot look up " + host + ": " + ec.message(), std::chrono::steady_clock::now());

        self->timer.expires_after(found ? self->what.look_up_every : try_again);
        co_await self->timer.async_wait(tuple);
    }
}

resolver::resolver(net::io_context& control, place const& what, published<addresses>& out, line_sink tell)
    : state_(std::make_shared<state>(control, what, out, std::move(tell)))
{
}

resolver::~resolver() { stop(); }

void resolver::start()
{
    boost::system::error_code no_address;
    auto const address = net::ip::make_address(state_->what.host, no_address);
    if (!no_address) {
        state_->publish({
            tcp::endpoint{address, state_->what.port}
        });
        return;
    }
    net::co_spawn(state_->timer.get_executor(), state::keep_looking(state_), on_end);
}

void resolver::stop()
{
    state_->stopped = true;
    state_->lookup.cancel();
    state_->timer.cancel();
}

} // namespace gateway::upstream
