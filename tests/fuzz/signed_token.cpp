#include "gateway/base/signature_verifier.hpp"
#include "policy/app_token.hpp"
#include "policy/base64url.hpp"
#include "policy/token_form.hpp"
#include "tests/app_signer.hpp"
#include "tests/fuzz/edits.hpp"
#include "tests/fuzz/keys.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/fuzz/targets.hpp"

#include <boost/json/parse.hpp>

#include <array>

namespace fuzz {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr std::string_view secret = "0123456789abcdef0123456789abcdef";
constexpr std::string_view header = R"({"alg":"HS256","typ":"JWT","kid":"app-1"})";
constexpr std::string_view payload =
    R"({"iss":"https://app.example","aud":"voice","sub":"user_7","jti":"j-1","sid":"s-1","iat":1744749554,)"
    R"("nbf":1744749550,"exp":1744749614,"grants":{"tts":true,"stt":false}})";
constexpr std::string_view cartesia = "https://api.cartesia.ai";

policy::signature_verifier const& verifier()
{
    static gateway::published<certs::signature_keys> const keys(std::make_shared<certs::signature_keys const>(
        R"({"keys":[{"kty":"oct","kid":"app-1","k":")" + in_base64url(secret) + "\"}]}"));
    static gateway::signature_verifier const verifier(keys);
    return verifier;
}

std::string signed_jws(std::string_view first, std::string_view second)
{
    auto const text = in_base64url(first) + "." + in_base64url(second);
    return text + "." + in_base64url(hmac_sha256(secret, text));
}

auto open(std::string_view text)
{
    static policy::app_token_rules const rules{"https://app.example", "voice", 86'400s};
    return policy::open_signed_by_app(text, verifier(), rules, now, 5s);
}

std::string const& good()
{
    static auto const token = signed_jws(header, payload);
    return token;
}

/// An object that Boost.JSON reads as well.
json::object as_object(std::string_view text)
{
    json::error_code ec;
    auto const value = json::parse({text.data(), text.size()}, ec);
    promise(!ec && value.is_object(), "both readers see an object");
    return value.as_object();
}

std::string text_in(json::object const& of, std::string_view name)
{
    auto const* const found = of.if_contains({name.data(), name.size()});
    return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

bool is_for_us(json::object const& claims)
{
    if (text_in(claims, "aud") == "voice") return true;
    auto const* const list = claims.if_contains("aud");
    if (!list || !list->is_array()) return false;
    for (auto const& one : list->get_array())
        if (one.is_string() && one.get_string() == "voice") return true;
    return false;
}

/// A second reading of the grants: those that are true.
policy::grant_set grants_in(json::object const& claims)
{
    policy::grant_set out;
    auto const* const found = claims.if_contains("grants");
    if (!found) return out;
    promise(found->is_object(), "grants are an object");
    for (auto g : policy::all_grants) {
        auto const name = policy::name(g);
        auto const* const flag = found->get_object().if_contains({name.data(), name.size()});
        if (flag && flag->is_bool() && flag->get_bool()) out.add(g);
    }
    return out;
}

void check_bounds(policy::claims const& about)
{
    promise(!about.jti.empty() && about.jti.size() <= policy::id_bytes_max, "ids have bounds");
    promise(about.sid.size() <= policy::id_bytes_max, "ids have bounds");
    promise(about.sub.size() <= policy::subject_bytes_max, "subjects have bounds");
}

/// Properly signed, whatever it says: taken only when it says what it must.
void check_signed(std::string_view first, std::string_view second)
{
    auto const got = open(signed_jws(first, second));
    if (!got) return;
    auto const head = as_object(first);
    auto const claims = as_object(second);
    promise(text_in(head, "alg") == "HS256", "the key decides the algorithm");
    for (auto const* name : {"crit", "b64", "zip", "jwk", "jku", "x5u", "x5c"})
        promise(!head.contains(name), "no header asks for more");
    promise(text_in(claims, "iss") == "https://app.example", "the issuer is the app");
    promise(is_for_us(claims), "the audience is this gateway");
    promise(got->expires_at <= now + 86'400s + 5s, "no token lives longer than may be");
    promise(got->grants == grants_in(claims), "both readers see the same grants");
    check_bounds(*got);
}

/// What only Cartesia could verify: its form at least is right, and written in one way.
void check_cartesia(std::string_view text)
{
    auto const got = policy::read_cartesia(text, cartesia);
    if (!got) return;
    check_bounds(*got);
    auto const form = policy::read_jws_form(text);
    promise(form.has_value() && text.size() <= policy::token_bytes_max, "it is a JWS of bounded size");
    std::array<std::string, 3> plain;
    std::array const segments{form->header, form->payload, form->signature};
    for (std::size_t i = 0; i < segments.size(); ++i) {
        std::vector<std::uint8_t> bytes(policy::base64url::decoded_size(segments[i].size()));
        promise(policy::base64url::decode(segments[i], bytes).has_value(), "each segment is base64url");
        plain[i].assign(bytes.begin(), bytes.end());
        promise(in_base64url(plain[i]) == segments[i], "each segment is written in one way");
    }
    promise(text_in(as_object(plain[0]), "alg") == "HS256", "Cartesia signs with HS256");
    auto const claims = as_object(plain[1]);
    promise(text_in(claims, "iss") == cartesia, "the issuer is Cartesia");
    promise(got->grants == grants_in(claims), "both readers see the same grants");
    promise(policy::kind_of(text) == policy::token_kind::cartesia, "its form says whose it is");
}

void check_text(std::string const& text)
{
    promise(open(text).has_value() == (text == good()), "only what the app signed opens");
    check_cartesia(text);
}

} // namespace

/// `s`: a header, a line end and a payload that were signed; `c`: the same with a signature of nobody's; `e`:
/// how a good token was changed; else the text itself, `@@TOK@@` in it being a good token.
void signed_token(std::string_view bytes)
{
    if (bytes.empty()) return;
    auto const rest = bytes.substr(1);
    auto const first = rest.substr(0, rest.find('\n'));
    auto const second = rest.substr(std::min(first.size() + 1, rest.size()));
    if (bytes[0] == 's') return check_signed(first, second);
    if (bytes[0] == 'c')
        return check_cartesia(in_base64url(first) + "." + in_base64url(second) + "." + in_base64url(secret));
    if (bytes[0] == 'e') return check_text(edited(good(), rest));
    check_text(replaced(std::string(rest), "@@TOK@@", good()));
}

} // namespace fuzz
