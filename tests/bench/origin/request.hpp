#pragma once
#include <optional>
#include <string_view>

namespace bench::origin {

/// A request that has arrived whole.
struct request {
    std::string_view path;
    std::string_view query;
    std::string_view websocket_key; ///< empty: it asks for no WebSocket
    std::size_t bytes;              ///< of head and body

    /// The number called `name` in the query, else `otherwise`.
    [[nodiscard]] std::size_t parameter(std::string_view name, std::size_t otherwise) const;
};

/// The request that `inbox` begins with; nothing while it is incomplete. Views point into `inbox`.
[[nodiscard]] std::optional<request> read_request(std::string_view inbox);

} // namespace bench::origin
