#include "policy/base64url.hpp"
#include "policy/claims_reader.hpp"
#include "policy/grant_flags.hpp"
#include "policy/jws.hpp"
#include "policy/token.hpp"
#include "policy/token_form.hpp"

#include <array>

namespace policy {
namespace {

constexpr std::size_t signature_bytes = 32; ///< of HS256

class header_reader final : public json_member_sink {
public:
    [[nodiscard]] bool names_hs256() const noexcept { return named_; }

    bool take(json_member const& member) noexcept override
    {
        if (member.depth != 1 || member.name != "alg") return true;
        if (named_ || member.what != json_member::form::text || member.text != "HS256") return false;
        named_ = true;
        return true;
    }

private:
    bool named_ = false;
};

/// Takes what Cartesia's tokens say (contract §4). Claims and grants that are not known here are passed over:
/// Cartesia may add some, and they open nothing here.
class payload_reader final : public claims_reader {
public:
    explicit payload_reader(std::string_view issuer) noexcept : issuer_(issuer) {}

    bool take(json_member const& member) noexcept override
    {
        auto const which = read_claim(member.name);
        if (!which || *which == claim::stream_until || *which == claim::session_until ||
            *which == claim::authorized_at)
            return true;
        if (member.depth == 2) return flags_.take(member, read().grants); // no other claim may hold anything
        if (!mark(*which)) return false;
        if (*which == claim::grants) return member.what == json_member::form::object;
        if (*which == claim::iss) return member.what == json_member::form::text && member.text == issuer_;
        return take_common(*which, member);
    }

private:
    std::string_view issuer_;
    grant_flags flags_;
};

/// Only the form. It must be canonical all the same: a second spelling would slip past a revocation by
/// signature.
bool is_signature(std::string_view segment) noexcept
{
    std::array<std::uint8_t, signature_bytes> bytes;
    return base64url::decode(segment, bytes) == signature_bytes;
}

} // namespace

// The signature is HS256 under a key that only Cartesia has, so it cannot be verified here, and nothing that
// this function returns is known to be true. It serves to refuse early what Cartesia would refuse as well. A
// forged token buys nothing: the gateway forwards this very token and no credential of its own beside it, and
// upstream verifies it. Hence nobody may act on these claims for others: a forger chooses `jti`, `sid` and
// `sub` freely.
boost::system::result<claims, denial> read_cartesia(std::string_view text, std::string_view issuer)
{
    if (text.size() > token_bytes_max) return denial::token_malformed;
    auto const form = read_signed_form(text);
    if (!form || !is_signature(form->signature)) return denial::token_malformed;

    header_reader header;
    if (!read_json_segment(form->header, header) || !header.names_hs256()) return denial::token_malformed;

    payload_reader payload{issuer};
    if (!read_json_segment(form->payload, payload)) return denial::token_malformed;
    if (!payload.has(claim::iss) || !payload.has(claim::exp)) return denial::token_malformed;

    auto& read = payload.read();
    if (!payload.has(claim::nbf)) read.not_before = read.issued_at;
    if (!payload.has(claim::jti)) read.jti = id_from_signature(text);
    return std::move(read);
}

} // namespace policy
