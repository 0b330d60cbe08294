#include "gateway/session/handoff.hpp"

#include "tests/gateway/session/bench.hpp"

#include <boost/json/parse.hpp>

#include <atomic>
#include <latch>
#include <thread>

using namespace tests;
using policy::denial;
using policy::method;
using std::chrono::seconds;

namespace {

bool failed(outcome const& got, fault why)
{
    return std::holds_alternative<fault>(got.reply) && std::get<fault>(got.reply) == why;
}

bool denied(outcome const& got, denial why)
{
    return std::holds_alternative<denial>(got.reply) && std::get<denial>(got.reply) == why;
}

bool signed_in(outcome const& got) { return std::holds_alternative<answer>(got.reply); }

struct handing : bench {
    [[nodiscard]] std::string code(std::string_view more = R"("expires_in":600)") const
    {
        auto const got = handle(
            {method::post,
             endpoint_name::access_token,
             "Bearer " + std::string(all_key),
             {},
             {},
             R"({"handoff":true,"grants":{"tts":true},"subject":"ann",)" + std::string(more) + "}"});
        auto const body = boost::json::parse(std::get<answer>(got.reply).body).as_object();
        BOOST_TEST(!body.contains("token"));
        BOOST_TEST(got.who == "app");
        return std::string(body.at("code").as_string());
    }
    static ask redemption(std::string const& of)
    {
        return {method::post, endpoint_name::session, {}, {}, {}, "{\"code\":\"" + of + "\"}"};
    }
    [[nodiscard]] outcome redeem(std::string const& of, policy::seconds_since_epoch at = now) const
    {
        return handle(redemption(of), at);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(hand_off, handing)

BOOST_AUTO_TEST_CASE(a_code_is_short_lived_and_says_until_when)
{
    auto const until = [&](std::string_view body) {
        auto const got = handle(
            {method::post, endpoint_name::access_token, {}, std::string(all_key), {}, std::string(body)});
        return boost::json::parse(std::get<answer>(got.reply).body).as_object().at("expires_at").as_int64();
    };
    BOOST_TEST(until(R"({"handoff":true,"expires_in":600})") == 1'800'000'030);
    BOOST_TEST(
        until(R"({"handoff":true,"expires_in":7})") == 1'800'000'007); // never after what it stands for
    BOOST_TEST(until(R"({"handoff":false,"expires_in":600})") == 1'800'000'600);
}

BOOST_AUTO_TEST_CASE(a_code_opens_a_session_as_its_token_would)
{
    auto const got = redeem(code(), now + seconds(20));
    BOOST_TEST_REQUIRE(signed_in(got));
    auto const& said = std::get<answer>(got.reply);
    BOOST_TEST(said.status == 204U);
    BOOST_TEST(said.set_cookie.ends_with("; HttpOnly; Secure; SameSite=Strict; Path=/; Max-Age=580"));
    BOOST_TEST(got.who == "ann");
    auto const about = this->bench::opened(token_in(said.set_cookie));
    BOOST_TEST(about.sub == "ann");
    BOOST_TEST((about.grants == policy::grant_set{policy::grant::tts}));
    BOOST_TEST((about.expires_at == now + seconds(600)));
    BOOST_TEST((about.session_until == now + seconds(20) + sessions.lifetime));
}

BOOST_AUTO_TEST_CASE(a_form_redeems_too)
{
    auto by_form = redemption({});
    by_form.body = "code=" + code();
    BOOST_TEST(signed_in(handle(by_form)));
}

BOOST_AUTO_TEST_CASE(a_code_is_good_once)
{
    auto const one = code();
    auto const other = code();
    BOOST_TEST(signed_in(redeem(one)));
    BOOST_TEST(failed(redeem(one), fault::handoff_used));
    BOOST_TEST(failed(redeem(one, now + seconds(29)), fault::handoff_used));
    BOOST_TEST(signed_in(redeem(other)));
}

BOOST_AUTO_TEST_CASE(of_many_who_redeem_one_code_at_once_one_wins)
{
    constexpr int threads = 8;
    for (int round = 0; round < 20; ++round) {
        auto const wanted = redemption(code());
        std::atomic<int> won{0};
        std::atomic<int> used{0};
        std::latch start(threads);
        std::vector<std::jthread> all;
        for (int i = 0; i < threads; ++i)
            all.emplace_back([&] {
                // as each worker has them: of its own but for what is shared
                token_cipher const own_cipher(keys);
                policy::judge const own_judge(config.judge, routes, own_cipher);
                session::endpoints const own(
                    config, sessions, own_judge, own_cipher, redeemed, proven, certs::system_random);
                session::own_request request;
                request.head.verb = method::post;
                request.head.raw_target = "/session";
                request.body = wanted.body;
                start.arrive_and_wait();
                auto const got = own.handle(request, revoked, now);
                if (signed_in(got)) ++won;
                if (failed(got, fault::handoff_used)) ++used;
            });
        all.clear();
        BOOST_TEST(won == 1);
        BOOST_TEST(used == threads - 1);
    }
}

BOOST_AUTO_TEST_CASE(a_code_is_late_soon)
{
    auto const in_time = code();
    BOOST_TEST(signed_in(redeem(in_time, now + seconds(29))));
    BOOST_TEST(failed(redeem(code(), now + seconds(30)), fault::handoff_expired));
    BOOST_TEST(failed(redeem(code(R"("expires_in":7)"), now + seconds(7)), fault::handoff_expired));
}

BOOST_AUTO_TEST_CASE(a_code_of_a_clock_that_is_ahead_waits)
{
    auto const ahead = code();
    BOOST_TEST(denied(redeem(ahead, now - seconds(1)), denial::token_not_yet_valid));
    BOOST_TEST(signed_in(redeem(ahead)));
}

BOOST_AUTO_TEST_CASE(a_code_is_no_token_and_a_token_no_code)
{
    auto const one = code();
    for (auto const verb : {method::get, method::post, method::del}) {
        ask as_token{verb, endpoint_name::session, "Bearer " + one, {}, {}, {}};
        BOOST_TEST(denied(handle(as_token), denial::token_malformed));
        as_token = {verb, endpoint_name::session, {}, one, {}, {}};
        BOOST_TEST(denied(handle(as_token), denial::token_malformed));
        as_token = {verb, endpoint_name::session, {}, {}, "__Host-cartesia_token=" + one, {}};
        auto const got = handle(as_token);
        BOOST_TEST((denied(got, denial::token_malformed) || denied(got, denial::no_token)));
    }
    BOOST_TEST(failed(redeem(token()), fault::handoff_unknown));
    BOOST_TEST(signed_in(redeem(one)));
}

BOOST_AUTO_TEST_CASE(what_is_no_code_of_ours_is_refused)
{
    auto const one = code();
    for (auto const& bad : {std::string("x"), one + "A", one.substr(0, one.size() - 1), one.substr(1)})
        BOOST_TEST(failed(redeem(bad), fault::handoff_unknown));
    auto const named = handle({method::post, endpoint_name::session, {}, {}, {}, "{}"});
    BOOST_TEST(failed(named, fault::bad_own_request));
    BOOST_TEST(named.message.find("hand-off code") != std::string::npos);
    keys.publish(std::make_shared<certs::key_set const>());
    BOOST_TEST(failed(redeem(one), fault::handoff_unknown));
}

BOOST_AUTO_TEST_CASE(a_code_whose_subject_was_revoked_opens_nothing)
{
    auto const one = code();
    revoked.add(policy::revoked_by::subject, "ann", now + seconds(3'600));
    BOOST_TEST(denied(redeem(one), denial::token_revoked));
}

BOOST_AUTO_TEST_CASE(who_presents_a_token_is_signed_in_with_that)
{
    auto const one = code();
    auto both = redemption(one);
    both.authorization = "Bearer " + token("bob");
    BOOST_TEST(handle(both).who == "bob");
    BOOST_TEST(signed_in(redeem(one))); // the code was not looked at
}

BOOST_AUTO_TEST_CASE(the_ceilings_of_a_server_key_hold_for_codes)
{
    config.server_keys[0].subject_prefix = "tenant-7:";
    auto const got = handle(
        {method::post, endpoint_name::access_token, {}, std::string(all_key), {}, R"({"handoff":true})"});
    BOOST_TEST(failed(got, fault::subject_not_yours));
}

BOOST_AUTO_TEST_CASE(only_so_many_codes_are_remembered)
{
    session::handoffs few(3, {});
    using verdict = session::handoffs::verdict;
    for (auto const* id : {"a", "b", "c"})
        BOOST_TEST((few.redeem(id, now + seconds(30), now) == verdict::first));
    BOOST_TEST((few.redeem("d", now + seconds(30), now) == verdict::full));
    BOOST_TEST((few.redeem("a", now + seconds(30), now) == verdict::again));
    BOOST_TEST(few.size() == 3U);
    BOOST_TEST((few.redeem("d", now + seconds(60), now + seconds(30)) == verdict::first));
    BOOST_TEST(few.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_gateway_that_remembers_no_more_redeems_no_more)
{
    for (int i = 0; i < 100; ++i)
        BOOST_TEST(signed_in(redeem(code())));
    auto const one = code();
    BOOST_TEST(failed(redeem(one), fault::overloaded));
    BOOST_TEST(failed(redeem(one, now + seconds(30)), fault::handoff_expired));
}

BOOST_AUTO_TEST_SUITE_END()
