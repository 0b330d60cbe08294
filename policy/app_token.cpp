#include "policy/app_token.hpp"

#include "policy/base64url.hpp"
#include "policy/claims_reader.hpp"
#include "policy/grant_flags.hpp"
#include "policy/member_names.hpp"

#include <array>

namespace policy {
namespace {

class payload_reader final : public claims_reader {
public:
    explicit payload_reader(app_token_rules const& rules) noexcept : rules_(&rules) {}

    [[nodiscard]] bool is_for_us() const noexcept { return is_for_us_; }

    bool take(json_member const& member) noexcept override
    {
        if (member.depth == 1 && !names_.add(member.name)) return false;
        if (member.name == "aud") return take_audience(member);
        auto const which = read_claim(member.name);
        if (!which || *which == claim::authorized_at) return true;
        if (member.depth == 2) return flags_.take(member, read().grants); // no other claim may hold anything
        if (!mark(*which)) return false;
        if (*which == claim::grants) return member.what == json_member::form::object;
        if (*which == claim::iss)
            return member.what == json_member::form::text && member.text == rules_->issuer;
        return take_common(*which, member);
    }

private:
    /// A text, or an array of texts (RFC 7519 §4.1.3).
    bool take_audience(json_member const& member) noexcept
    {
        if (member.depth == 1 && member.what == json_member::form::array) return true;
        if (member.what != json_member::form::text) return false;
        if (member.text == rules_->audience) is_for_us_ = true;
        return true;
    }

    app_token_rules const* rules_;
    member_names<app_claims_max> names_;
    grant_flags flags_;
    bool is_for_us_ = false;
};

} // namespace

boost::system::result<claims, denial> open_signed_by_app(
    std::string_view text,
    signature_verifier const& verifier,
    app_token_rules const& rules,
    seconds_since_epoch now,
    std::chrono::seconds leeway)
{
    std::array<std::uint8_t, base64url::decoded_size(token_bytes_max)> buffer;
    auto const size = open_jws(text, verifier, buffer);
    if (!size) return size.error();

    payload_reader payload{rules};
    if (!read_json_members({reinterpret_cast<char const*>(buffer.data()), *size}, payload))
        return denial::token_malformed;
    for (auto c : {claim::iss, claim::exp, claim::grants})
        if (!payload.has(c)) return denial::token_malformed;
    auto& read = payload.read();
    if (!payload.is_for_us() || read.expires_at > now + rules.lifetime_max + leeway)
        return denial::token_malformed;

    if (!payload.has(claim::nbf)) read.not_before = read.issued_at;
    if (!payload.has(claim::jti)) read.jti = id_from_signature(text);
    if (!payload.has(claim::sid)) read.sid = read.jti;
    return std::move(read);
}

} // namespace policy
