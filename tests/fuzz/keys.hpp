#pragma once
#include "policy/token.hpp"

#include <string>
#include <string_view>

/// The keys of the gateway that is fuzzed, the same in every run, and one token under them.
namespace fuzz {

inline constexpr policy::seconds_since_epoch now{std::chrono::seconds{1'744'749'600}};

[[nodiscard]] policy::token_cipher const& cipher();
/// Good at `now`, with every grant.
[[nodiscard]] policy::claims good_claims();
[[nodiscard]] std::string const& good_token();

/// `text` with each `what` replaced by `by`.
[[nodiscard]] std::string replaced(std::string text, std::string_view what, std::string_view by);

} // namespace fuzz
