#include "policy/base64url.hpp"
#include "policy/claims_reader.hpp"
#include "policy/token.hpp"
#include "policy/token_form.hpp"

#include <cassert>

namespace policy {
namespace {

void append_quoted(std::string& out, std::string_view text)
{
    constexpr std::string_view digits = "0123456789abcdef";
    out += '"';
    for (char c : text) {
        auto const byte = static_cast<unsigned char>(c);
        if (byte < 0x20) {
            out += "\\u00";
            out += digits[byte >> 4U];
            out += digits[byte & 15U];
            continue;
        }
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    out += '"';
}

void append_time(std::string& out, std::string_view member, seconds_since_epoch at)
{
    out += member;
    out += std::to_string(at.time_since_epoch().count());
}

/// The claims as JSON. To keep tokens short, `sub` is left out when empty and `nbf` when it equals `iat`.
std::string write_claims(claims const& about)
{
    std::string out = "{\"jti\":";
    out.reserve(320);
    append_quoted(out, about.jti);
    out += ",\"sid\":";
    append_quoted(out, about.sid);
    if (!about.sub.empty()) {
        out += ",\"sub\":";
        append_quoted(out, about.sub);
    }
    out += ",\"grants\":[";
    char const* separator = "";
    for (auto g : all_grants) {
        if (!about.grants.has(g)) continue;
        out += separator;
        append_quoted(out, name(g));
        separator = ",";
    }
    append_time(out, "],\"iat\":", about.issued_at);
    if (about.not_before != about.issued_at) append_time(out, ",\"nbf\":", about.not_before);
    append_time(out, ",\"exp\":", about.expires_at);
    if (about.stream_until) append_time(out, ",\"stream_until\":", *about.stream_until);
    if (about.session_until) append_time(out, ",\"session_until\":", *about.session_until);
    if (about.authorized_at) append_time(out, ",\"authorized_at\":", *about.authorized_at);
    out += '}';
    return out;
}

/// Takes the claims that `write_claims` writes, and nothing else: this gateway wrote them, so a claim that it
/// does not know is another version's, whose meaning it must not guess.
class sealed_reader final : public claims_reader {
public:
    bool take(json_member const& member) noexcept override
    {
        if (member.depth == 2) return take_grant(member);
        auto const which = read_claim(member.name);
        if (!which || !mark(*which)) return false;
        if (*which == claim::grants) return member.what == json_member::form::array;
        return take_common(*which, member);
    }

private:
    bool take_grant(json_member const& member) noexcept
    {
        if (member.what != json_member::form::text) return false;
        auto const named = read_grant(member.text);
        return named && add_grant(*named);
    }
};

std::optional<claims> read_claims(std::string_view text) noexcept
{
    sealed_reader reader;
    if (!read_json_members(text, reader)) return std::nullopt;
    for (auto c : {claim::jti, claim::sid, claim::grants, claim::iat, claim::exp})
        if (!reader.has(c)) return std::nullopt;
    if (!reader.has(claim::nbf)) reader.read().not_before = reader.read().issued_at;
    return std::move(reader.read());
}

} // namespace

std::string seal(
    claims const& about, token_cipher const& cipher, nonce const& iv, seconds_since_epoch now, sealed_use use)
{
    auto text = write_claims(about);
    if (!read_claims(text)) return {}; // nothing is handed out that could not be read again

    std::string token;
    token.reserve(512);
    auto const key_id = cipher.sealing_key(now);
    if (!append_sealed_header(token, key_id, use)) return {};
    std::span const bytes{reinterpret_cast<std::uint8_t*>(text.data()), text.size()};
    aead_tag tag{};
    if (!cipher.seal(key_id, iv, token, bytes, tag)) return {};

    token += ".."; // between them: no encrypted key
    base64url::append(token, iv);
    token += '.';
    base64url::append(token, bytes);
    token += '.';
    base64url::append(token, tag);
    assert(token.size() <= token_bytes_max); // the bounds of the claims see to that, escapes included
    return token;
}

boost::system::result<claims, denial>
open_sealed(std::string_view text, token_cipher const& cipher, seconds_since_epoch now, sealed_use use)
{
    if (text.size() > token_bytes_max) return denial::token_malformed;
    auto const form = read_sealed_form(text, use);
    if (!form) return denial::token_malformed;

    nonce iv;
    aead_tag tag;
    std::array<std::uint8_t, base64url::decoded_size(token_bytes_max)> buffer;
    auto const size = base64url::decode(form->ciphertext, buffer);
    if (!size || !base64url::decode(form->iv, iv) || !base64url::decode(form->tag, tag))
        return denial::token_malformed;

    auto const plain = std::span(buffer).first(*size);
    if (!cipher.open(form->key_id(), iv, form->header, plain, tag, now)) return denial::token_forged;
    auto read = read_claims({reinterpret_cast<char const*>(plain.data()), plain.size()});
    if (!read) return denial::token_malformed;
    return std::move(*read);
}

} // namespace policy
