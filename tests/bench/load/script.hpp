#pragma once
#include "tests/bench/load/options.hpp"

#include <string>

namespace bench::load {

/// The texts that clients send, made once.
struct script {
    explicit script(options const& given);

    std::string request; ///< a browser's POST, with its body
    std::string upgrade; ///< a browser's WebSocket handshake
    std::string message; ///< one WebSocket frame
};

/// The name that clients ask for, as in the proxies' certificate.
inline constexpr char const* host = "gateway.test";

} // namespace bench::load
