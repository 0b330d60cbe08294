#pragma once
#include <cstdint>
#include <functional>
#include <span>

namespace certs {

/// Where random bytes come from; handed in, so that tests can decide them.
using random_source = std::function<void(std::span<std::uint8_t>)>;

/// OpenSSL's generator (private DRBG). Aborts the process when it fails: nothing safe could follow.
void system_random(std::span<std::uint8_t> out);

/// A number in [0, 1), for jitter.
[[nodiscard]] double random_fraction(random_source const& random);

} // namespace certs
