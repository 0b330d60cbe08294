#pragma once
#include "gateway/base/config.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace gateway::watch {

/// What the admin listener tells.
struct admin_sources {
    std::function<bool()> ready; ///< false while starting or draining: /readyz answers 503
    std::function<std::string()> why_not_ready;
    std::function<std::string()> metrics;
};

/// Plain HTTP on the admin address (loopback by default): GET /healthz, /readyz, /metrics; all else 404. A
/// few connections at a time, each with a deadline and a small head limit. Runs on the control thread.
class admin {
public:
    /// Throws `boost::system::system_error` when the address cannot be bound.
    admin(boost::asio::io_context& control, endpoint const& where, admin_sources sources);
    ~admin();
    [[nodiscard]] std::uint16_t port() const noexcept;
    void stop();

private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace gateway::watch
