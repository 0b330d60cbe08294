// The project's own corpus of tokens (tests/data/tokens_jwt.jsonl; tokens_keys.json has its keys). It was
// made for a gateway that takes `grants` as a list; here they are an object. So a row is played in two steps:
// its signature as it stands, and its claims signed anew, with the same grants as an object. All rows apply.
#include "gateway/base/signature_verifier.hpp"
#include "policy/app_token.hpp"
#include "tests/app_signer.hpp"
#include "tests/gateway/base/json_rows.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <map>

namespace json = boost::json;
using namespace std::chrono_literals;
using test::text_in;
using key_set = gateway::published<certs::signature_keys>;

namespace {

constexpr auto leeway = 60s; ///< as the rows about time have it
constexpr policy::seconds_since_epoch now{1'800'000'000s};
policy::app_token_rules const rules{"gw", "voice"};

/// What signs the corpus' tokens, as an app publishes it: without private parts.
std::shared_ptr<certs::signature_keys const> keys_of_the_corpus()
{
    std::ifstream in(VOICEGATE_TEST_DATA "/tokens_keys.json");
    std::string const text(std::istreambuf_iterator<char>(in), {});
    auto const file = json::parse(text).as_object();
    json::array keys;
    for (auto const* id : {"hs-1", "ed-1", "es-1"}) {
        auto key = file.at(id).as_object();
        key.erase("d");
        key.erase("pem");
        key["kid"] = id;
        keys.push_back(std::move(key));
    }
    return std::make_shared<certs::signature_keys const>(json::serialize(json::object{
        {"keys", keys}
    }));
}

/// What was signed; nothing when the token is refused before its claims are looked at.
std::optional<std::string> signed_payload(std::string_view token, key_set const& keys)
{
    gateway::signature_verifier const verifier(keys);
    std::array<std::uint8_t, policy::token_bytes_max> payload;
    auto const size = policy::open_jws(token, verifier, payload);
    if (!size) return std::nullopt;
    return std::string(payload.begin(), payload.begin() + static_cast<std::ptrdiff_t>(*size));
}

/// Each list of grants as an object, all else byte for byte.
std::string with_grants_as_object(std::string payload)
{
    constexpr std::string_view member = "\"grants\":";
    for (auto at = payload.find(member); at != std::string::npos; at = payload.find(member, at + 1)) {
        auto const begin = at + member.size();
        if (payload[begin] != '[') continue;
        auto const size = payload.find(']', begin) + 1 - begin;
        auto const list = json::parse(std::string_view(payload).substr(begin, size));
        json::object object;
        for (auto const& name : list.as_array())
            object[name.as_string()] = true;
        payload.replace(begin, size, json::serialize(object));
    }
    return payload;
}

/// What these claims open when the app signs them: nothing, or some of the grants.
policy::grant_set opened_by(std::string const& payload)
{
    static app_signer const app("HS256", "hs-1");
    static key_set const keys(std::make_shared<certs::signature_keys const>(app.jwk_set()));
    gateway::signature_verifier const verifier(keys);
    auto const read = policy::open_signed_by_app(app.token(payload), verifier, rules, now, leeway);
    if (!read || policy::flaw_in_lifetime(*read, now, leeway)) return {};
    return read->grants;
}

policy::grant_set grants_wanted(json::object const& row)
{
    policy::grant_set all;
    auto const* const listed = row.if_contains("grants");
    for (auto const g : policy::all_grants)
        if (listed == nullptr || std::ranges::count(listed->as_array(), json::value(policy::name(g))) != 0)
            all.add(g);
    return all;
}

/// Rows that leave both verdicts open, and where this gateway takes the second.
std::map<std::string_view, std::string_view> const second_verdicts{
    {"time-exp-now",    "it ended within the leeway"                                                      },
    {"time-iat-future", "`iat` grants nothing: `nbf`, `exp` and `tokens.jwt.lifetime_max` bound the token"},
    {"hdr-jwk-goodsig", "a header that brings a key along is refused"                                     },
    {"hdr-zip",         "a header that asks for more than a signature check is refused"                   },
    {"kid-missing",     "there is but one key of that algorithm"                                          },
};

/// Whether the attack is in the claims, so that the signature must be good: else the row would show nothing.
bool is_about_claims(std::string_view id)
{
    constexpr std::array<std::string_view, 7> those{
        "ok-", "time-", "claim-", "json-payload-null", "json-trailing", "json-bom", "json-nan"};
    return std::ranges::any_of(those, [&](auto const& start) { return id.starts_with(start); });
}

} // namespace

BOOST_AUTO_TEST_SUITE(jwt_corpus)

BOOST_AUTO_TEST_CASE(each_token_has_its_verdict)
{
    key_set const keys(keys_of_the_corpus());
    auto const rows = test::rows_of("tokens_jwt.jsonl");
    BOOST_TEST(rows.size() == 83U);
    for (auto const& row : rows) {
        auto const id = text_in(row, "id");
        auto const accepts = (text_in(row, "verdict") == "accept") != second_verdicts.contains(id);
        BOOST_TEST_REQUIRE((!second_verdicts.contains(id) || row.contains("alt")), id);
        auto const payload = signed_payload(text_in(row, "token"), keys);
        BOOST_TEST((!is_about_claims(id) || payload.has_value()), id << ": its signature is good");
        auto const opened = payload ? opened_by(with_grants_as_object(*payload)) : policy::grant_set{};
        BOOST_TEST((opened == (accepts ? grants_wanted(row) : policy::grant_set{})), id);
    }
}

BOOST_AUTO_TEST_CASE(a_list_of_grants_opens_nothing)
{
    BOOST_TEST(opened_by(R"({"iss":"gw","aud":"voice","grants":["tts"],"exp":1800003600})").empty());
    BOOST_TEST(!opened_by(R"({"iss":"gw","aud":"voice","grants":{"tts":true},"exp":1800003600})").empty());
}

BOOST_AUTO_TEST_SUITE_END()
