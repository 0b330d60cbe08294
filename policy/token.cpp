#include "policy/token.hpp"

#include "policy/byte_set.hpp"
#include "policy/token_form.hpp"

#include <algorithm>

namespace policy {
namespace {

bool are_letters(std::initializer_list<std::string_view> segments) noexcept
{
    static constexpr auto letters = byte_set::alphanumeric_and("-_");
    return std::ranges::all_of(segments, [](auto segment) { return letters.has_all(segment); });
}

} // namespace

std::optional<token_kind> kind_of(std::string_view text) noexcept
{
    if (auto const form = read_sealed_form(text))
        return are_letters({form->iv, form->ciphertext, form->tag}) ? std::optional{token_kind::sealed}
                                                                    : std::nullopt;
    if (auto const form = read_signed_form(text))
        return are_letters({form->header, form->payload, form->signature})
                   ? std::optional{token_kind::cartesia}
                   : std::nullopt;
    return std::nullopt;
}

std::optional<denial>
flaw_in_lifetime(claims const& about, seconds_since_epoch now, std::chrono::seconds leeway) noexcept
{
    if (now < about.not_before - leeway) return denial::token_not_yet_valid;
    if (now >= about.expires_at + leeway) return denial::token_expired;
    return std::nullopt;
}

} // namespace policy
