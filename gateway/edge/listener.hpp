#pragma once
#include "gateway/base/config.hpp"
#include "policy/client_network.hpp"

#include <cstdint>
#include <string>

namespace gateway::edge {

/// Where a connection comes from.
struct caller {
    std::string address; ///< without the port
    policy::client_network network;
};

/// A listening socket; closed when destroyed.
class listener {
public:
    /// Binds and listens, non-blocking, with SO_REUSEPORT so that each worker has its own queue. Port 0 takes
    /// a free one. Throws `std::system_error` that names the address.
    listener(endpoint const& where, int backlog);
    /// What is accepted from now on is watched for silence.
    void keep_alive(limits_config const& limits) const noexcept;
    ~listener();
    listener(listener&& other) noexcept;
    listener& operator=(listener&&) = delete;
    listener(listener const&) = delete;
    listener& operator=(listener const&) = delete;

    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
    /// The address as it is: with the port that was taken for 0.
    [[nodiscard]] endpoint where() const;

    /// A connection that was waiting, non-blocking; -1 when there is none now, -2 when the process is out of
    /// descriptors or memory. `from` becomes the peer.
    [[nodiscard]] int accept(caller& from) const noexcept;
    static constexpr int none_waiting = -1;
    static constexpr int out_of_means = -2;

private:
    int descriptor_;
};

} // namespace gateway::edge
