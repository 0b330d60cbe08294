#include "gateway/wire/keep_alive.hpp"

#include <algorithm>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace gateway::wire {

void keep_alive(int descriptor, limits_config const& limits) noexcept
{
    constexpr int probes = 4;
    auto const whole = std::chrono::floor<seconds>(limits.peer_silence).count();
    auto const set = [&](int level, int name, auto value) {
        auto const number = static_cast<int>(value);
        setsockopt(descriptor, level, name, &number, sizeof number);
    };
    set(SOL_SOCKET, SO_KEEPALIVE, 1);
    set(IPPROTO_TCP, TCP_KEEPIDLE, whole / 2);
    set(IPPROTO_TCP, TCP_KEEPINTVL, whole / 2 / probes);
    set(IPPROTO_TCP, TCP_KEEPCNT, probes);
    set(IPPROTO_TCP, TCP_USER_TIMEOUT, std::max(limits.peer_silence, limits.write_stall).count());
}

} // namespace gateway::wire
