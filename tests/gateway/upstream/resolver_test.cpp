#include "gateway/upstream/resolver.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace net = boost::asio;
using gateway::upstream::addresses;
using net::ip::tcp;

namespace {

struct look_up {
    template <class Condition>
    [[nodiscard]] bool run_until(Condition happened)
    {
        auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
        while (!happened())
            if (io.run_one_until(deadline) == 0) return happened();
        return true;
    }

    net::io_context io{1};
    gateway::upstream::place config;
    gateway::published<addresses> out{std::make_shared<addresses const>()};
    std::vector<std::string> lines;
    gateway::upstream::line_sink tell = [this](std::string_view line) { lines.emplace_back(line); };
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(resolver, look_up)

BOOST_AUTO_TEST_CASE(an_address_needs_no_look_up)
{
    config.host = "::1";
    config.port = 8443;
    auto keeper = gateway::upstream::resolver(io, config, out, tell);
    keeper.start();
    BOOST_TEST((*out.latest() == addresses{tcp::endpoint(net::ip::make_address("::1"), 8443)}));
    BOOST_TEST(io.run() == 0U);
}

BOOST_AUTO_TEST_CASE(a_name_is_looked_up_with_the_port)
{
    config.host = "localhost";
    config.port = 8443;
    auto keeper = gateway::upstream::resolver(io, config, out, tell);
    keeper.start();
    BOOST_TEST(run_until([&] { return !out.latest()->empty(); }));
    for (auto const& at : *out.latest()) {
        BOOST_TEST(at.address().is_loopback());
        BOOST_TEST(at.port() == 8443);
    }
    keeper.stop();
    io.run_for(std::chrono::seconds{10});
    BOOST_TEST(io.stopped());
}

BOOST_AUTO_TEST_CASE(a_failed_look_up_keeps_the_last_good_answer_and_is_tried_again)
{
    auto const last = addresses{tcp::endpoint(net::ip::make_address("192.0.2.1"), 443)};
    out.publish(std::make_shared<addresses const>(last));
    config.host = std::string(64, 'a'); // a label has 63 letters at most: no server is asked
    auto keeper = gateway::upstream::resolver(io, config, out, tell);
    keeper.start();
    BOOST_TEST(run_until([&] { return !lines.empty(); }));
    BOOST_TEST((*out.latest() == last));
    BOOST_TEST(lines[0].find(config.host) != std::string::npos);
    BOOST_TEST(io.run_one() == 1U); // the timer for the next look-up
    keeper.stop();
    io.run_for(std::chrono::seconds{10});
    BOOST_TEST(io.stopped());
}

BOOST_AUTO_TEST_SUITE_END()
