/// Many users at once, each with a token and perhaps a WebSocket.
#pragma once
#include "tests/end_to_end/support/gateway.hpp"
#include "tests/end_to_end/support/websocket.hpp"

namespace e2e {

/// Tokens for `prefix`0, `prefix`1, …, minted on one connection.
[[nodiscard]] std::vector<std::string>
mint_many(gateway const& at, std::size_t count, std::string const& prefix);

/// A WebSocket for each token; their TLS sessions are resumed.
[[nodiscard]] std::vector<client>
open_many(gateway const& at, std::string_view target, std::vector<std::string> const& tokens);

} // namespace e2e
