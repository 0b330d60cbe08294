#pragma once
#include "gateway/base/config.hpp"
#include "gateway/base/ip_address.hpp"

#include <string>
#include <utility>

namespace gateway::edge {

/// Throws `std::system_error` that names the address when nobody may listen there; when somebody does
/// already, with `remedy`. Port 0 is always free.
void check_free(endpoint const& where, std::string const& remedy);

/// A listening socket; closed when destroyed.
class listener {
public:
    /// Binds and listens, non-blocking, with SO_REUSEPORT so that each worker has its own queue. Port 0 takes
    /// a free one. Throws `std::system_error` that names the address.
    listener(endpoint const& where, int backlog);
    /// Takes over `descriptor`, a listening socket that others have too: it stays open when we close ours.
    [[nodiscard]] static listener of_several(int descriptor) noexcept { return listener(descriptor, true); }
    /// One more of the same kind at the same socket. Throws `std::system_error`.
    [[nodiscard]] listener another() const;
    /// What is accepted from now on is watched for silence.
    void keep_alive(limits_config const& limits) const noexcept;
    ~listener();
    listener(listener&& other) noexcept;
    listener& operator=(listener&&) = delete;
    listener(listener const&) = delete;
    listener& operator=(listener const&) = delete;

    /// Others accept from the same socket.
    [[nodiscard]] bool shared() const noexcept { return shared_; }
    /// Connections that are under way are completed, new ones are not answered: the client asks again after a
    /// second (RFC 6298 §2), and finds another socket at the address, or none. Nothing where it is shared.
    void turn_newcomers_away() const noexcept;
    /// Gives the descriptor away.
    [[nodiscard]] int release() noexcept { return std::exchange(descriptor_, -1); }
    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
    /// The address as it is: with the port that was taken for 0.
    [[nodiscard]] endpoint where() const;

    /// A connection that was waiting, non-blocking; -1 when there is none now, -2 when the process is out of
    /// descriptors or memory. `from` becomes the peer.
    [[nodiscard]] int accept(ip_address& from) const noexcept;
    static constexpr int none_waiting = -1;
    static constexpr int out_of_means = -2;

private:
    listener(int descriptor, bool shared) noexcept : descriptor_(descriptor), shared_(shared) {}

    int descriptor_;
    bool shared_ = false;
};

} // namespace gateway::edge
