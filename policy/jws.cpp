#include "policy/jws.hpp"

#include "policy/base64url.hpp"
#include "policy/member_names.hpp"
#include "policy/token.hpp"
#include "policy/token_form.hpp"

#include <algorithm>
#include <array>

namespace policy {
namespace {

/// Each would change what is verified or with which key, so a gateway that passed over it would verify
/// something else than the signer meant (RFC 7515 §4.1.11, RFC 7797 §3, RFC 8725 §3.1, §3.10).
constexpr std::array<std::string_view, 7> refused_members{"crit", "b64", "zip", "jwk", "jku", "x5u", "x5c"};

/// `JWT` or `at+jwt`, `application/` before it or not (RFC 7515 §4.1.9, RFC 9068 §4). Other kinds of JWT
/// under the same key, such as a logout token, are not for us (RFC 8725 §3.11).
bool is_token_type(std::string_view text) noexcept
{
    auto const same = [](std::string_view a, std::string_view lower) {
        return std::ranges::equal(a, lower, [](char x, char y) {
            return (x >= 'A' && x <= 'Z' ? static_cast<char>(x + ('a' - 'A')) : x) == y;
        });
    };
    constexpr std::string_view prefix = "application/";
    if (same(text.substr(0, prefix.size()), prefix)) text.remove_prefix(prefix.size());
    return same(text, "jwt") || same(text, "at+jwt");
}

/// A text of a header, kept beyond the parse.
class kept_text {
public:
    [[nodiscard]] bool keep(json_member const& member) noexcept
    {
        auto const text = member.text;
        if (member.what != json_member::form::text || text.empty() || text.size() > bytes_.size())
            return false;
        std::ranges::copy(text, bytes_.begin());
        size_ = text.size();
        return true;
    }
    [[nodiscard]] std::optional<std::string_view> view() const noexcept
    {
        if (size_ == 0) return std::nullopt;
        return std::string_view{bytes_.data(), size_};
    }

private:
    std::array<char, jws_key_id_bytes_max> bytes_;
    std::size_t size_ = 0;
};

class header_reader final : public json_member_sink {
public:
    [[nodiscard]] std::optional<std::string_view> algorithm() const noexcept { return algorithm_.view(); }
    [[nodiscard]] std::optional<std::string_view> key_id() const noexcept { return key_id_.view(); }

    bool take(json_member const& member) noexcept override
    {
        if (member.depth != 1) return true;
        if (!names_.add(member.name)) return false;
        if (std::ranges::find(refused_members, member.name) != refused_members.end()) return false;
        if (member.name == "alg") return algorithm_.keep(member);
        if (member.name == "kid") return key_id_.keep(member);
        if (member.name == "typ") return member.what == json_member::form::text && is_token_type(member.text);
        return true;
    }

private:
    member_names<jws_header_members_max> names_;
    kept_text algorithm_;
    kept_text key_id_;
};

class issuer_reader final : public json_member_sink {
public:
    explicit issuer_reader(std::string_view issuer) noexcept : issuer_(issuer) {}
    [[nodiscard]] bool named() const noexcept { return named_; }

    bool take(json_member const& member) noexcept override
    {
        if (member.depth != 1 || member.name != "iss") return true;
        if (named_ || member.what != json_member::form::text || member.text != issuer_) return false;
        named_ = true;
        return true;
    }

private:
    std::string_view issuer_;
    bool named_ = false;
};

} // namespace

bool read_json_segment(std::string_view segment, json_member_sink& sink) noexcept
{
    std::array<std::uint8_t, base64url::decoded_size(token_bytes_max)> buffer;
    auto const size = base64url::decode(segment, buffer);
    return size && read_json_members({reinterpret_cast<char const*>(buffer.data()), *size}, sink);
}

boost::system::result<std::size_t, denial>
open_jws(std::string_view text, signature_verifier const& verifier, std::span<std::uint8_t> payload)
{
    if (text.size() > token_bytes_max) return denial::token_malformed;
    auto const parts = read_jws_form(text);
    if (!parts) return denial::token_malformed;

    header_reader header;
    if (!read_json_segment(parts->header, header) || !header.algorithm()) return denial::token_malformed;
    std::array<std::uint8_t, base64url::decoded_size(token_bytes_max)> buffer;
    auto const signature = base64url::decode(parts->signature, buffer);
    auto const size = base64url::decode(parts->payload, payload);
    if (!signature || !size) return denial::token_malformed;

    auto const verdict = verifier.verify(
        header.key_id(), *header.algorithm(), parts->signed_text, std::span(buffer).first(*signature));
    if (verdict != signature_verifier::verdict::good) return denial::token_forged;
    return *size;
}

std::string id_from_signature(std::string_view text)
{
    constexpr std::size_t letters = 22;
    return std::string("sig:").append(text.substr(text.size() - std::min(letters, text.size())));
}

bool names_issuer(std::string_view text, std::string_view issuer) noexcept
{
    auto const parts = text.size() <= token_bytes_max ? read_jws_form(text) : std::nullopt;
    issuer_reader payload{issuer};
    return parts && read_json_segment(parts->payload, payload) && payload.named();
}

} // namespace policy
