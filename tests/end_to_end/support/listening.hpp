/// Sockets that listen before the gateway is there, and what hands them down to it.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace e2e {

/// A socket that listens at a free port of 127.0.0.1, as a service manager would open it, or one of another
/// kind; passed on to programs that are started while it lives.
class listening_socket {
public:
    enum class kind : std::uint8_t { listens, does_not_listen, takes_datagrams };
    explicit listening_socket(kind of = kind::listens);
    ~listening_socket();
    listening_socket(listening_socket const&) = delete;
    listening_socket& operator=(listening_socket const&) = delete;

    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

private:
    int descriptor_;
    std::uint16_t port_ = 0;
};

/// What comes before a command so that it gets these sockets under these names (sd_listen_fds(3)).
[[nodiscard]] std::vector<std::string>
handing_down(std::vector<std::pair<std::string, listening_socket const*>> const& sockets);

} // namespace e2e
