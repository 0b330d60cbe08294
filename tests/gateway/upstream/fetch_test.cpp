#include "gateway/upstream/fetch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/test/unit_test.hpp>

#include <exception>
#include <optional>

namespace net = boost::asio;
using namespace gateway::upstream;
using namespace std::chrono_literals;
using net::ip::tcp;

namespace {

/// The framing of answers, TLS and addresses that refuse stand in the tests of what calls it.
struct fetching {
    static net::awaitable<void> run(fetch_client& with, fetch_bounds bounds, std::optional<fetched>& out)
    {
        auto got = co_await with.fetch("GET / HTTP/1.1\r\n\r\n", bounds);
        out = std::move(got);
    }

    [[nodiscard]] fetched call(fetch_server const& server, fetch_bounds bounds = {})
    {
        fetch_client client(io, server, where);
        std::optional<fetched> out;
        auto const on_end = [](std::exception_ptr const& thrown) {
            if (thrown) std::rethrow_exception(thrown);
        };
        net::co_spawn(io, run(client, bounds, out), on_end);
        io.restart();
        io.run_for(10s);
        BOOST_TEST_REQUIRE(out.has_value());
        return std::move(*out);
    }

    net::io_context io{1};
    gateway::published<addresses> where{std::make_shared<addresses const>()};
};

fetch_server in_clear() { return {"localhost", nullptr}; }

} // namespace

BOOST_FIXTURE_TEST_SUITE(fetch, fetching)

BOOST_AUTO_TEST_CASE(in_clear_only_this_machine_is_called)
{
    auto elsewhere = std::make_shared<addresses>();
    elsewhere->push_back({net::ip::make_address("192.0.2.1"), 80});
    elsewhere->push_back({net::ip::make_address("::ffff:192.0.2.1"), 80});
    where.publish(elsewhere);
    auto const got = call(in_clear());
    BOOST_TEST((got.how == fetched::ending::unreachable));
    BOOST_TEST(got.flaw == "the server's address is not known");
}

BOOST_AUTO_TEST_CASE(an_address_that_never_becomes_known_ends_at_the_deadline)
{
    auto const got = call(in_clear(), {20ms});
    BOOST_TEST((got.how == fetched::ending::unreachable));
}

BOOST_AUTO_TEST_CASE(a_server_that_says_nothing_is_given_up_at_the_deadline)
{
    tcp::acceptor silent(io, {net::ip::address_v4::loopback(), 0});
    where.publish(std::make_shared<addresses const>(1, silent.local_endpoint()));
    auto const got = call(in_clear(), {100ms});
    BOOST_TEST((got.how == fetched::ending::timeout));
}

BOOST_AUTO_TEST_SUITE_END()
