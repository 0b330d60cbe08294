#pragma once
#include "gateway/base/secret_file.hpp"
#include "gateway/edge/listener.hpp"

#include <vector>

namespace gateway {

/// Listening sockets that whoever started the process had opened and handed down (sd_listen_fds(3)). Those of
/// a kind stand in the place of all addresses of that kind in the configuration.
struct inherited_sockets {
    std::vector<edge::listener> https;
    std::vector<edge::listener> http;
    std::vector<edge::listener> admin; ///< one at most
};

/// The number of the first one, by the protocol.
inline constexpr int first_inherited = 3;

/// Takes over what LISTEN_FDS, if LISTEN_PID is this process, says that there is; LISTEN_FDNAMES says what
/// each is for: `https`, `http` or `admin`. Throws `config_error` with the remedy for any other name, and for
/// what is no listening TCP socket.
[[nodiscard]] inherited_sockets take_inherited_sockets(environment const& get, int first = first_inherited);

} // namespace gateway
