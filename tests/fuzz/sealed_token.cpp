#include "gateway/base/strict_json.hpp"
#include "policy/base64url.hpp"
#include "policy/token_form.hpp"
#include "tests/fuzz/edits.hpp"
#include "tests/fuzz/keys.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/fuzz/targets.hpp"

#include <boost/json/object.hpp>

namespace fuzz {
namespace {

using policy::sealed_use;

std::string const& good_code()
{
    static auto const code =
        policy::seal(good_claims(), cipher(), policy::nonce{4, 5, 6}, now, sealed_use::handoff);
    return code;
}

/// Opens as what it is and as nothing else, and not at all when a byte of it is another.
void check_text(std::string const& text)
{
    promise(
        policy::open_sealed(text, cipher(), now).has_value() == (text == good_token()),
        "only the token that was sealed opens");
    promise(
        policy::open_sealed(text, cipher(), now, sealed_use::handoff).has_value() == (text == good_code()),
        "only the code that was sealed opens");
    if (policy::kind_of(text))
        promise(text.find_first_of(" \r\n\"%;,=") == std::string::npos, "a token is one word");
}

bool same(policy::claims const& a, policy::claims const& b)
{
    return a.jti == b.jti && a.sid == b.sid && a.sub == b.sub && a.grants == b.grants &&
           a.issued_at == b.issued_at && a.not_before == b.not_before && a.expires_at == b.expires_at &&
           a.stream_until == b.stream_until && a.session_until == b.session_until &&
           a.authorized_at == b.authorized_at;
}

std::string sealed(std::string plain)
{
    std::string out;
    policy::aead_tag tag{};
    auto const bytes = std::span(reinterpret_cast<std::uint8_t*>(plain.data()), plain.size());
    promise(policy::append_sealed_header(out, "k1"), "k1 is a key id");
    promise(cipher().seal("k1", {}, out, bytes, tag), "the cipher works");
    out += "..";
    policy::base64url::append(out, policy::nonce{});
    out += '.';
    policy::base64url::append(out, bytes);
    out += '.';
    policy::base64url::append(out, tag);
    return out;
}

/// Whatever was sealed, only claims within their bounds are read from it, and they are written as they were
/// read.
void check_claims(std::string const& plain)
{
    auto const got = policy::open_sealed(sealed(plain), cipher(), now);
    if (!got) return;
    auto const second = gateway::read_json(plain, gateway::json_dialect::exact);
    promise(second.value && second.value->is_object(), "claims are one object without repetitions");
    auto const& object = second.value->get_object();
    promise(
        object.contains("jti") && object.contains("sid") && object.contains("exp"), "claims are complete");
    promise(
        object.at("jti").as_string() == boost::json::string_view(got->jti), "both readers see the same id");
    promise(!got->jti.empty() && got->jti.size() <= policy::id_bytes_max, "ids have bounds");
    promise(!got->sid.empty() && got->sid.size() <= policy::id_bytes_max, "ids have bounds");
    promise(got->sub.size() <= policy::subject_bytes_max, "subjects have bounds");
    auto const again = policy::seal(*got, cipher(), policy::nonce{7}, now);
    auto const reopened = policy::open_sealed(again, cipher(), now);
    promise(reopened && same(*reopened, *got), "what was read is written and read again");
    promise(again.size() <= policy::token_bytes_max, "tokens have bounds");
}

} // namespace

/// `s`: what follows was sealed; `e` and `c`: it is how a good token or code was changed; else it is the text
/// itself,
/// `@@TOK@@` in it being a good token.
void sealed_token(std::string_view bytes)
{
    if (bytes.empty()) return;
    auto const rest = bytes.substr(1);
    if (bytes[0] == 's') return check_claims(std::string(rest));
    if (bytes[0] == 'e') return check_text(edited(good_token(), rest));
    if (bytes[0] == 'c') return check_text(edited(good_code(), rest));
    check_text(replaced(std::string(rest), "@@TOK@@", good_token()));
}

} // namespace fuzz
