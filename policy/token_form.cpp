#include "policy/token_form.hpp"

#include "policy/byte_set.hpp"

namespace policy {
namespace {

constexpr auto letters = byte_set::alphanumeric_and("-_");

/// {"alg":"dir","enc":"A256GCM","kid":" in base64url. These are 36 bytes, a multiple of three, so the text is
/// the same whatever key id follows.
constexpr std::string_view token_begin = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIiwia2lkIjoi";
/// The same with "typ":"handoff-code", before it: 57 bytes.
constexpr std::string_view handoff_begin =
    "eyJ0eXAiOiJoYW5kb2ZmLWNvZGUiLCJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIiwia2lkIjoi";
constexpr std::string_view header_end = "\"}";

constexpr std::string_view header_begin(sealed_use use) noexcept
{
    return use == sealed_use::token ? token_begin : handoff_begin;
}

std::string_view as_text(std::uint8_t const* bytes, std::size_t size) noexcept
{
    return {reinterpret_cast<char const*>(bytes), size};
}

bool is_key_id(std::string_view text) noexcept
{
    return !text.empty() && text.size() <= key_id_bytes_max && letters.has_all(text);
}

/// The segment up to the next dot, and that dot off `rest`; nothing when there is no further dot.
std::optional<std::string_view> take_segment(std::string_view& rest) noexcept
{
    auto const dot = rest.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    auto const segment = rest.substr(0, dot);
    rest.remove_prefix(dot + 1);
    return segment;
}

/// Reads the key id out of the header; what is around it must be what this gateway writes.
bool read_key_id(sealed_form& form, std::string_view begin) noexcept
{
    auto const size = base64url::decode(form.header.substr(begin.size()), form.header_end);
    if (!size || *size < header_end.size()) return false;
    form.key_id_size = *size - header_end.size();
    return as_text(form.header_end.data(), *size).ends_with(header_end) && is_key_id(form.key_id());
}

} // namespace

std::string_view sealed_form::key_id() const noexcept { return as_text(header_end.data(), key_id_size); }

std::optional<sealed_form> read_sealed_form(std::string_view text, sealed_use use) noexcept
{
    auto const begin = header_begin(use);
    if (!text.starts_with(begin)) return std::nullopt;
    auto const header = take_segment(text);
    auto const encrypted_key = take_segment(text);
    auto const iv = take_segment(text);
    auto const ciphertext = take_segment(text);
    if (!ciphertext || !encrypted_key->empty() || ciphertext->empty()) return std::nullopt;
    if (iv->size() != base64url::encoded_size(sizeof(nonce))) return std::nullopt;
    if (text.size() != base64url::encoded_size(sizeof(aead_tag))) return std::nullopt;

    std::optional<sealed_form> form{std::in_place};
    form->header = *header;
    form->iv = *iv;
    form->ciphertext = *ciphertext;
    form->tag = text;
    if (!read_key_id(*form, begin)) return std::nullopt;
    return form;
}

bool append_sealed_header(std::string& out, std::string_view key_id, sealed_use use)
{
    if (!is_key_id(key_id)) return false;
    out += header_begin(use);
    std::string end(key_id);
    end += header_end;
    base64url::append(out, {reinterpret_cast<std::uint8_t const*>(end.data()), end.size()});
    return true;
}

std::optional<jws_form> read_jws_form(std::string_view text) noexcept
{
    auto const whole = text;
    auto const header = take_segment(text);
    auto const payload = take_segment(text);
    if (!payload || header->empty() || text.empty()) return std::nullopt;
    return jws_form{*header, *payload, text, whole.substr(0, whole.size() - text.size() - 1)};
}

std::optional<jws_form> read_signed_form(std::string_view text) noexcept
{
    if (!text.starts_with("eyJ")) return std::nullopt; // every JSON object that begins with a member does
    auto const form = read_jws_form(text);
    return form && !form->payload.empty() ? form : std::nullopt;
}

} // namespace policy
