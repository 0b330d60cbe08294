/// Sockets on loopback: all are non-blocking and send at once.
#pragma once
#include "tests/bench/wire/descriptor.hpp"

#include <cstdint>

namespace bench {

/// As many descriptors as may be had, 20,000 at most: more than any workload here needs.
void raise_descriptor_limit();

/// Port 0 takes any free one. Throws `std::system_error`.
[[nodiscard]] descriptor listen_on(std::uint16_t port);
[[nodiscard]] std::uint16_t port_of(descriptor const& listener);

/// The next client that waits; its number is negative when there is none.
[[nodiscard]] descriptor accept_from(descriptor const& listener);

/// How a connection that this side closes goes away.
enum class farewell : std::uint8_t {
    orderly,
    abrupt, ///< by reset, which leaves no TIME_WAIT behind
};

/// A connection under way. `turn` chooses among several source addresses, so that ports never run out. The
/// number is negative when the system has no more; throws nothing.
[[nodiscard]] descriptor connect_to(std::uint16_t port, std::uint32_t turn, farewell how);
/// Whether a connection that was under way has come about.
[[nodiscard]] bool connected(descriptor const& socket);

} // namespace bench
