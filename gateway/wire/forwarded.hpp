#pragma once
#include "gateway/base/ip_address.hpp"
#include "gateway/wire/head.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace gateway::wire {

/// Whom a proxy had a request from, as it says.
struct forwarded_hop {
    enum class told : std::uint8_t {
        address,
        hidden,  ///< `unknown`, or a name that means something to the proxy alone (RFC 7239 §6.2, §6.3)
        nothing, ///< an element of `Forwarded` without `for`
        flawed,
    };
    told what = told::flawed;
    ip_address from;       ///< when told
    bool in_clear = false; ///< and `proto` is there, but neither https nor wss
};

/// Each names its elements from the farthest proxy to the nearest.
enum class forwarding_field : std::uint8_t { x_forwarded_for, forwarded };

/// The hops that the fields of one name tell of, the nearest first. Several lines are one list in their order
/// (RFC 9110 §5.3); empty elements are none. An element is read when it is asked for: what stands before it,
/// which may be the client's own invention, cannot spoil it, but for a quoted string that does not end.
///
/// `X-Forwarded-For` has addresses, as they are or with a port (IPv6 in brackets then); `Forwarded` has
/// RFC 7239's grammar, with spaces about `;` allowed. Never allocates.
class forwarded_hops {
public:
    forwarded_hops(std::span<field const> fields, forwarding_field which) noexcept
        : fields_(fields), which_(which)
    {
    }

    /// Nothing: there is none farther away.
    [[nodiscard]] std::optional<forwarded_hop> next() noexcept;

private:
    [[nodiscard]] bool begin_line_before() noexcept;
    [[nodiscard]] std::optional<std::string_view> take_last_element() noexcept;

    std::span<field const> fields_; ///< that were not looked at yet
    forwarding_field which_;
    std::string_view line_; ///< what is left of the line under way
};

/// Whether `X-Forwarded-Proto` says of any hop that it was neither https nor wss.
[[nodiscard]] bool forwarded_in_clear(std::span<field const> fields) noexcept;

} // namespace gateway::wire
