#include "tests/end_to_end/support/listening.hpp"

#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace e2e {

listening_socket::listening_socket(kind of)
    : descriptor_(socket(AF_INET, of == kind::takes_datagrams ? SOCK_DGRAM : SOCK_STREAM, 0))
{
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    auto* const address = reinterpret_cast<sockaddr*>(&at);
    auto const good = descriptor_ >= 0 && bind(descriptor_, address, size) == 0 &&
                      (of != kind::listens || listen(descriptor_, 4096) == 0) &&
                      getsockname(descriptor_, address, &size) == 0;
    if (!good) throw std::runtime_error("no listening socket");
    port_ = ntohs(at.sin_port);
}

listening_socket::~listening_socket() { close(descriptor_); }

std::vector<std::string>
handing_down(std::vector<std::pair<std::string, listening_socket const*>> const& sockets)
{
    std::vector<std::string> out{"/usr/bin/env", "python3", VOICEGATE_HAND_DOWN};
    for (auto const& [name, socket] : sockets)
        out.push_back(name + "=" + std::to_string(socket->descriptor()));
    out.emplace_back("--");
    return out;
}

} // namespace e2e
