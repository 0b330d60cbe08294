// What a listed proxy says of its client in X-Forwarded-… and Forwarded counts, and nobody else's word.
#include "tests/end_to_end/support/log_lines.hpp"
#include "tests/end_to_end/support/stage.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace e2e;
namespace data = boost::unit_test::data;

namespace {

client_options from(std::string address)
{
    client_options out;
    out.from = std::move(address);
    return out;
}

client_options const nobody = from("127.0.0.1");
client_options const proxy = from("127.0.0.2");

struct proxied_scene : scene {
    proxied_scene()
    {
        upstream.faults(
            R"([{"path": "/tts/bytes", "times": -1, "do": "status", "status": 200, "body": "spoken"}])");
    }
    /// A gateway that believes 127.0.0.2 and 127.0.0.3.
    [[nodiscard]] gateway believing(std::string_view limits = "{}") const
    {
        return at.another(
            R"({"listen": {"proxies": ["127.0.0.2/31"]}, "limits": )" + std::string(limits) + "}");
    }
};

answer speak(gateway const& at, field const& credential, fields more, client_options const& who = proxy)
{
    more.push_back(credential);
    return ask(at.port(), request("POST", "/tts/bytes", more, "{}"), who);
}

std::string code_of(answer const& got)
{
    return std::string(boost::json::parse(got.body).as_object().at("error_code").as_string());
}

/// The same token with another tag.
std::string forged(std::string of)
{
    auto& c = of[of.size() - 4];
    c = c == 'A' ? 'B' : 'A';
    return of;
}

struct row {
    fields said;
    char const* client;
};

std::ostream& operator<<(std::ostream& out, row const& r)
{
    for (auto const& f : r.said)
        out << f.name << ": " << f.value << " | ";
    return out;
}

std::vector<row> const names{
    {{}, "127.0.0.2"},
    {{{"X-Forwarded-For", "192.0.2.7"}}, "192.0.2.7"},
    {{{"X-Forwarded-For", "6.6.6.6, 192.0.2.7, 127.0.0.3"}}, "192.0.2.7"},
    {{{"X-Forwarded-For", "6.6.6.6"}, {"X-Forwarded-For", "2001:db8::7"}}, "2001:db8::7"},
    {{{"Forwarded", "for=6.6.6.6, for=\"[2001:db8::7]:4711\";proto=https"}}, "2001:db8::7"},
    {{{"X-Forwarded-For", "192.0.2.7"}, {"Forwarded", "for=192.0.2.7;by=_gw"}}, "192.0.2.7"},
    {{{"X-Forwarded-For", "unknown"}}, "127.0.0.2"},
    {{{"X-Real-IP", "6.6.6.6"}, {"True-Client-IP", "6.6.6.6"}}, "127.0.0.2"},
};

std::vector<fields> const cleartext{
    {{"X-Forwarded-For", "192.0.2.7"}, {"X-Forwarded-Proto", "http"}},
    {{"X-Forwarded-Proto", "https, http"}},
    {{"Forwarded", "for=192.0.2.7;proto=http"}},
};

std::vector<fields> const nonsense{
    {{"X-Forwarded-For", "192.0.2.7, nonsense"}},
    {{"Forwarded", "for=\"192.0.2.7"}},
    {{"X-Forwarded-For", "192.0.2.7"}, {"Forwarded", "for=6.6.6.6"}},
};

template <class Rows>
auto each(Rows const& rows)
{
    return data::xrange(rows.size());
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(words_of_proxies, proxied_scene)

BOOST_DATA_TEST_CASE(whom_a_listed_proxy_names_is_the_client, data::make(names), r)
{
    auto believer = believing();
    auto const own = believer.mint("tts");
    BOOST_TEST(speak(believer, cookie(own), r.said).status == 200U);
    auto const seen = upstream.requests_over(1).back();
    BOOST_TEST(logged_client(believer, seen) == r.client);
    BOOST_TEST(seen.value("x-forwarded-for") == r.client);
    BOOST_TEST(seen.count("x-forwarded-for") == 1U);
    BOOST_TEST(!seen.count("forwarded"));
    auto const own_endpoint = ask(believer.port(), request("GET", "/session", r.said), proxy);
    BOOST_TEST(logged_client(believer, own_endpoint) == r.client);
}

BOOST_AUTO_TEST_CASE(whom_another_peer_names_is_not)
{
    auto believer = believing();
    auto const own = believer.mint("tts");
    for (auto const& lies : {cleartext, nonsense})
        for (auto const& lie : lies)
            BOOST_TEST(speak(believer, cookie(own), lie, nobody).status == 200U);
    for (auto const& seen : upstream.requests_over(cleartext.size() + nonsense.size())) {
        BOOST_TEST(seen.value("x-forwarded-for") == "127.0.0.1");
        BOOST_TEST(logged_client(believer, seen) == "127.0.0.1");
    }
}

BOOST_AUTO_TEST_CASE(each_request_on_a_connection_has_its_own_client)
{
    auto believer = believing();
    client one(believer.port(), proxy);
    for (std::string const who : {"192.0.2.7", "2001:db8:1:2:3:4:5:6", "192.0.2.8", "127.0.0.2"}) {
        fields said;
        if (who != "127.0.0.2") said.push_back({"X-Forwarded-For", who});
        one.send(request("GET", "/session", said));
        BOOST_TEST(logged_client(believer, read_answer(one)) == who);
    }
    one.send(request("GET", "/session", {{"X-Forwarded-For", "192.0.2.7"}}));
    (void)read_answer(one);
    one.send("no request at all\r\n\r\n");
    BOOST_TEST(logged_client(believer, read_answer(one)) == "127.0.0.2");
}

BOOST_AUTO_TEST_CASE(a_websocket_is_its_clients)
{
    auto believer = believing();
    auto const own = believer.mint("tts");
    client one(believer.port(), proxy);
    one.send(handshake("/tts/websocket", {cookie(own), {"X-Forwarded-For", "192.0.2.7"}}));
    BOOST_TEST(read_head(one).status == 101U);
    one.close();
    BOOST_TEST(logged_client(believer, upstream.requests_over(1).back()) == "192.0.2.7");
}

BOOST_AUTO_TEST_CASE(failures_are_counted_for_whom_the_proxy_names)
{
    auto strict = believing(R"({"failures": 3, "failure_refill": "1h"})");
    auto const own = strict.mint("tts");
    auto const guess = [&](fields said, client_options const& who = proxy) {
        return speak(strict, bearer(forged(own)), std::move(said), who).status;
    };
    for (auto i = 0; i < 3; ++i)
        BOOST_TEST(guess({{"X-Forwarded-For", std::to_string(i) + ".6.6.6, 192.0.2.7"}}) == 401U);
    BOOST_TEST(guess({{"X-Forwarded-For", "192.0.2.7"}}) == 429U);
    BOOST_TEST(guess({{"X-Forwarded-For", "192.0.2.8, 192.0.2.7"}}) == 429U);
    BOOST_TEST(guess({{"Forwarded", "for=192.0.2.7"}}) == 429U);
    BOOST_TEST(guess({{"X-Forwarded-For", "192.0.2.8"}}) == 401U);
    BOOST_TEST(guess({}) == 401U);

    for (auto i = 0; i < 3; ++i)
        BOOST_TEST(guess({{"X-Forwarded-For", "192.0.2." + std::to_string(100 + i)}}, nobody) == 401U);
    BOOST_TEST(guess({{"X-Forwarded-For", "192.0.2.200"}}, nobody) == 429U);
}

BOOST_DATA_TEST_CASE(what_a_proxy_had_in_clear_is_refused_and_its_token_burnt, each(cleartext), i)
{
    auto believer = believing();
    auto const own = believer.mint("tts");
    BOOST_TEST(speak(believer, cookie(own), {}).status == 200U);
    client one(believer.port(), proxy);
    auto said = cleartext[i];
    said.push_back(cookie(own));
    one.send(request("POST", "/tts/bytes", said, "{}"));
    auto const got = read_answer(one);
    BOOST_TEST(got.status == 403U);
    BOOST_TEST(code_of(got) == "https_required");
    BOOST_TEST(!got.has("strict-transport-security")); // RFC 6797 §7.2
    BOOST_TEST(believer.metric("voicegate_plain_http_refused_total") == 1U);
    BOOST_TEST(believer.metric("voicegate_tokens_burnt_total") == 1U);
    one.send(request("GET", "/session")); // the connection is others' too
    BOOST_TEST(read_answer(one).status == 401U);
    BOOST_TEST(speak(believer, bearer(own), {}).status == 401U);
    BOOST_TEST(upstream.requests().size() == 1U);
    BOOST_TEST(logged_client(believer, got) == (i == 1 ? "127.0.0.2" : "192.0.2.7"));
}

BOOST_DATA_TEST_CASE(what_cannot_be_read_or_contradicts_itself_is_400, each(nonsense), i)
{
    auto believer = believing();
    auto const own = believer.mint("tts");
    auto const got = speak(believer, cookie(own), nonsense[i]);
    BOOST_TEST(got.status == 400U);
    BOOST_TEST(code_of(got) == "malformed_forwarding");
    BOOST_TEST(got.value("connection") != "close");
    BOOST_TEST(logged_client(believer, got) == "127.0.0.2");
    BOOST_TEST(upstream.requests().empty());
    BOOST_TEST(believer.metric(R"(voicegate_requests_failed_total{reason="malformed_forwarding"})") == 1U);
    BOOST_TEST(speak(believer, cookie(own), {}).status == 200U); // and the token lives
}

BOOST_AUTO_TEST_CASE(the_connections_of_a_proxy_are_not_counted)
{
    auto few = believing(R"({"connections_per_address": 1})");
    std::vector<client> all;
    for (auto i = 0; i < 5; ++i)
        all.emplace_back(few.port(), proxy);
    client mine(few.port(), nobody);
    BOOST_CHECK_THROW(client one_more(few.port(), nobody), handshake_failed);
    BOOST_TEST(few.metric("voicegate_connections_refused_by_address_total") == 1U);
}

BOOST_AUTO_TEST_CASE(the_plain_port_hears_the_proxy_too)
{
    auto believer = believing();
    auto in_clear = proxy;
    in_clear.tls = false;
    auto const text = request("GET", "/session", {{"X-Forwarded-For", "192.0.2.7"}});
    auto const got = ask(believer.plain_port(), text, in_clear);
    BOOST_TEST(got.status == 403U);
    BOOST_TEST(logged_client(believer, got) == "192.0.2.7");
}

BOOST_AUTO_TEST_SUITE_END()
