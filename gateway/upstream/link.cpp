#include "gateway/upstream/link.hpp"

#include <array>

namespace gateway::upstream {

bool still_quiet(link& idle) noexcept
{
    if (!idle.socket.readable()) return true;
    std::array<char, 1> byte; // NOLINT(cppcoreguidelines-pro-type-member-init): written before it is read
    auto const quiet = idle.tls.read(byte).state == wire::progress::blocked;
    if (quiet) idle.tls.give_back_buffers(); // it was a ticket
    return quiet;
}

} // namespace gateway::upstream
