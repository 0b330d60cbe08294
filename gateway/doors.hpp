#pragma once
#include "gateway/base/config.hpp"
#include "gateway/edge/worker.hpp"
#include "gateway/inherited_sockets.hpp"

#include <cstdint>
#include <vector>

namespace gateway {

/// Where clients come in: at sockets of our own, of which each worker has its own one at each address, or at
/// those that were handed down, of which each worker has a descriptor. To be thrown away when all workers
/// have theirs.
class doors {
public:
    /// Throws `std::system_error` when somebody else listens at an address, unless `listen.reuse_port`.
    doors(config const& of, inherited_sockets& handed_down);

    /// One worker's. Where the first one takes a free port, the others follow it.
    [[nodiscard]] std::vector<edge::worker::door> for_a_worker();
    [[nodiscard]] std::uint16_t https_port() const noexcept { return port_of(https_); }
    [[nodiscard]] std::uint16_t http_port() const noexcept { return port_of(http_); }

private:
    struct kind {
        bool tls;
        std::vector<endpoint> where; ///< with the ports that the first worker was given
        std::vector<edge::listener> inherited;
    };
    [[nodiscard]] static std::uint16_t port_of(kind const& one) noexcept
    {
        return one.where.empty() ? std::uint16_t{0} : one.where.front().port;
    }
    [[nodiscard]] static kind
    make_kind(bool tls, std::vector<endpoint> const& configured, std::vector<edge::listener>& inherited);
    void open(kind& these, std::vector<edge::worker::door>& into) const;

    config const& configuration_;
    kind https_;
    kind http_;
};

} // namespace gateway
