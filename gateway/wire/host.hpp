#pragma once
#include <string_view>

namespace gateway::wire {

/// True for `name`, `1.2.3.4` or `[::1]`, each with an optional port from 1 to 65535 (RFC 9110 §7.2).
/// Stricter than the grammar: no percent-encoding, no sub-delims, no empty or zero-padded port. Such names
/// are in no certificate.
[[nodiscard]] bool is_host_and_port(std::string_view text) noexcept;

} // namespace gateway::wire
