#pragma once
#include <chrono>
#include <optional>

#include <openssl/types.h>

namespace certs {

/// The moment that `at` names. Nothing: it is null, or names none.
[[nodiscard]] std::optional<std::chrono::sys_seconds> time_of(ASN1_TIME const* at) noexcept;

} // namespace certs
