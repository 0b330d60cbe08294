#include "gateway/edge/doorkeeper.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

using namespace gateway;
using namespace gateway::edge;
using namespace std::chrono_literals;
using time_point = failed_attempts::time_point;

namespace {

constexpr time_point now{1h};
constexpr std::uint64_t here = 0x1111111122222222U; // hashes of addresses
constexpr std::uint64_t there = 0x3333333344444444U;

void counting_up(std::span<std::uint8_t> out)
{
    std::uint8_t next = 0;
    for (auto& byte : out)
        byte = ++next;
}

limits_config limits()
{
    limits_config out;
    out.failures = 3;
    out.failure_refill = 10s;
    out.failure_entries = 256;
    out.rejected_for = 60s;
    out.connections_per_address = 3;
    return out;
}

std::string token(std::string_view body = "body")
{
    return std::string("eyJhbGciOiJkaXIi..iv.").append(body).append(".") + std::string(60, 't');
}

/// What the gate does with one wrong credential: says whether it was tried.
bool fail(doorkeeper& at, std::uint64_t address, std::string_view credential, time_point when = now)
{
    caution sender(at, address, when);
    if (!sender.may_try(credential)) return false;
    sender.failed();
    return true;
}

} // namespace

BOOST_AUTO_TEST_SUITE(failures_by_address)

BOOST_AUTO_TEST_CASE(after_so_many_nothing_is_tried_until_one_is_forgiven)
{
    doorkeeper at(limits(), counting_up);
    for (auto i = 0; i < 3; ++i)
        BOOST_TEST(fail(at, here, "wrong"));
    BOOST_TEST(!fail(at, here, "wrong"));
    BOOST_TEST((caution(at, here, now + 1ms).wait() == 9'999ms));
    BOOST_TEST(fail(at, here, "wrong", now + 10s));
    BOOST_TEST(!fail(at, here, "wrong", now + 10s));
}

BOOST_AUTO_TEST_CASE(who_asks_while_it_has_to_wait_does_not_wait_longer)
{
    doorkeeper at(limits(), counting_up);
    for (auto i = 0; i < 100; ++i)
        (void)fail(at, here, "wrong");
    BOOST_TEST((caution(at, here, now).wait() == 10s));
}

BOOST_AUTO_TEST_CASE(another_address_goes_on)
{
    doorkeeper at(limits(), counting_up);
    while (fail(at, here, "wrong")) {
    }
    BOOST_TEST(caution(at, there, now).may_try("any"));
    BOOST_TEST((caution(at, there, now).wait() == 0ms));
}

BOOST_AUTO_TEST_CASE(it_can_be_turned_off)
{
    auto of = limits();
    of.failures = 0;
    doorkeeper at(of, counting_up);
    for (auto i = 0; i < 1'000; ++i)
        BOOST_REQUIRE(fail(at, here, "wrong"));
}

BOOST_AUTO_TEST_CASE(addresses_without_number_push_out_nobody_who_fails_more)
{
    doorkeeper at(limits(), counting_up);
    while (fail(at, here, "wrong")) {
    }
    constexpr std::uint64_t spread = 0x9e3779b97f4a7c15U;
    for (std::uint64_t i = 1; i < 100'000; ++i)
        (void)fail(at, i * spread, "wrong");
    BOOST_TEST(!caution(at, here, now).may_try("wrong"));
}

BOOST_AUTO_TEST_CASE(what_is_known_is_tried_although_its_address_waits)
{
    doorkeeper at(limits(), counting_up);
    at.proven.note(token());
    while (fail(at, here, "wrong")) {
    }
    for (auto i = 0; i < 100; ++i)
        BOOST_TEST(caution(at, here, now).may_try(token()));
    BOOST_TEST(!caution(at, here, now).may_try(std::string(60, 's')));
}

BOOST_AUTO_TEST_CASE(what_only_ends_like_it_is_tried_once)
{
    doorkeeper at(limits(), counting_up);
    at.proven.note(token());
    while (fail(at, here, "wrong")) {
    }
    BOOST_TEST(fail(at, here, token("forged")));
    BOOST_TEST(!fail(at, here, token("forged")));
    BOOST_TEST(!caution(at, here, now).may_try(token()));
}

BOOST_AUTO_TEST_CASE(threads_share_one_count)
{
    auto of = limits();
    of.failures = 1'000;
    of.failure_refill = 1h;
    doorkeeper at(of, counting_up);
    std::atomic<unsigned> tried{0};
    {
        std::vector<std::jthread> all;
        for (std::uint64_t t = 0; t < 4; ++t)
            all.emplace_back([&, t] {
                for (auto i = 0; i < 2'000; ++i) {
                    if (fail(at, here, "wrong")) ++tried;
                    (void)fail(at, there + t, "wrong");
                    at.proven.note(std::to_string(i));
                    at.proven.forget(std::to_string(i + 1));
                    at.rejected.note(std::to_string(i), now);
                    (void)at.rejected.has(std::to_string(i), now);
                }
            });
    }
    BOOST_TEST(
        tried >= 1'000U); // no failure is lost; who was at it at the same moment may have been let pass
    BOOST_TEST(tried < 1'000U + 4);
    BOOST_TEST(!fail(at, here, "wrong"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(tokens_that_cartesia_refused)

BOOST_AUTO_TEST_CASE(each_is_refused_for_its_time_and_no_other)
{
    doorkeeper at(limits(), counting_up);
    at.rejected.note(token("forged"), now);
    BOOST_TEST(caution(at, here, now + 59s).was_rejected(token("forged")));
    BOOST_TEST(caution(at, there, now + 59s).was_rejected(token("forged")));
    BOOST_TEST(!caution(at, here, now + 59s).was_rejected(token("good")));
    BOOST_TEST(!caution(at, here, now + 60s).was_rejected(token("forged")));
}

BOOST_AUTO_TEST_CASE(with_no_time_none_is_kept)
{
    auto of = limits();
    of.rejected_for = 0s;
    doorkeeper at(of, counting_up);
    at.rejected.note(token(), now);
    BOOST_TEST(!caution(at, here, now).was_rejected(token()));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(connections_by_address)

BOOST_AUTO_TEST_CASE(each_address_has_so_many_at_once)
{
    connection_counts counts(3);
    std::vector<connection_counts::seat> taken;
    for (auto i = 0; i < 3; ++i)
        taken.push_back(counts.take(here).value());
    BOOST_TEST(!counts.take(here));
    BOOST_TEST(!counts.take(here)); // who was refused takes no seat
    BOOST_TEST(counts.take(there).has_value());
    taken.pop_back();
    BOOST_TEST(counts.take(here).has_value());
}

BOOST_AUTO_TEST_CASE(an_address_that_shares_one_of_its_places_is_not_counted_twice)
{
    constexpr std::uint64_t other = 0x3333333322222222U; // the same low bits
    connection_counts counts(1);
    auto const first = counts.take(here);
    BOOST_TEST(counts.take(other).has_value());
    BOOST_TEST(!counts.take(here));
}

BOOST_AUTO_TEST_CASE(without_a_bound_nobody_is_counted)
{
    connection_counts counts(0);
    std::vector<connection_counts::seat> taken;
    for (auto i = 0; i < 10'000; ++i)
        taken.push_back(counts.take(here).value());
}

BOOST_AUTO_TEST_CASE(a_seat_is_changed_for_another)
{
    connection_counts counts(1);
    auto mine = counts.take(here).value();
    mine = counts.take(there).value();
    BOOST_TEST(counts.take(here).has_value());
    BOOST_TEST(!counts.take(there));
    mine = connection_counts::seat(); // which is nobody's
    BOOST_TEST(counts.take(there).has_value());
}

BOOST_AUTO_TEST_CASE(all_addresses_of_a_subscriber_are_counted_as_one)
{
    doorkeeper at(limits(), counting_up);
    auto const known = [&](std::string_view text) { return at.know(read_ip_address(text).value()); };
    BOOST_TEST(known("192.0.2.7").text == "192.0.2.7");
    BOOST_TEST(known("192.0.2.7").key == known("::ffff:192.0.2.7").key);
    BOOST_TEST(known("192.0.2.7").key != known("192.0.2.8").key);
    BOOST_TEST(known("2001:db8:1:2::7").key == known("2001:db8:1:2:ffff::8").key);
    BOOST_TEST(known("2001:db8:1:2::7").key != known("2001:db8:1:3::7").key);
}

BOOST_AUTO_TEST_CASE(threads_share_the_seats)
{
    constexpr auto threads = 4;
    connection_counts counts(8);
    std::atomic<int> open{0};
    std::atomic<bool> too_many{false};
    {
        std::vector<std::jthread> all;
        for (auto t = 0; t < threads; ++t)
            all.emplace_back([&] {
                for (auto i = 0; i < 5'000; ++i) {
                    std::vector<connection_counts::seat> mine;
                    for (auto n = 0; n < 4; ++n) {
                        auto seat = counts.take(here);
                        if (!seat) continue;
                        if (++open > 8 + threads - 1) too_many = true;
                        mine.push_back(std::move(*seat));
                    }
                    open -= static_cast<int>(mine.size());
                }
            });
    }
    BOOST_TEST(!too_many);
    std::vector<connection_counts::seat> taken;
    for (auto i = 0; i < 8; ++i)
        taken.push_back(counts.take(here).value()); // all have come back
    BOOST_TEST(!counts.take(here));
}

BOOST_AUTO_TEST_SUITE_END()
