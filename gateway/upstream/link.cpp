#include "gateway/upstream/link.hpp"

#include <array>

namespace gateway::upstream {

bool still_quiet(link& idle) noexcept
{
    if (!idle.socket.readable()) return true;
    std::array<char, 1> byte; // NOLINT(cppcoreguidelines-pro-type-member-init): written before it is read
    return idle.tls.read(byte).state == wire::progress::blocked;
}

} // namespace gateway::upstream
