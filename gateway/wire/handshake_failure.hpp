#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace gateway::wire {

/// Why there was no handshake, as far as it helps whoever looks for the cause.
enum class handshake_failure : std::uint8_t {
    none,
    left,         ///< the peer went away in its middle
    timeout,      ///< or did not go on
    not_tls,      ///< it speaks something else
    no_agreement, ///< no version, cipher, group, signature or application protocol in common
    alert,        ///< the peer ended it, as when it does not trust the certificate
    other
};

inline constexpr std::array handshake_failures{
    handshake_failure::left,
    handshake_failure::timeout,
    handshake_failure::not_tls,
    handshake_failure::no_agreement,
    handshake_failure::alert,
    handshake_failure::other};

[[nodiscard]] constexpr std::string_view name(handshake_failure of) noexcept
{
    switch (of) {
    case handshake_failure::none:
        break;
    case handshake_failure::left:
        return "left";
    case handshake_failure::timeout:
        return "timeout";
    case handshake_failure::not_tls:
        return "not_tls";
    case handshake_failure::no_agreement:
        return "no_agreement";
    case handshake_failure::alert:
        return "alert";
    case handshake_failure::other:
        return "other";
    }
    return "none";
}

} // namespace gateway::wire
