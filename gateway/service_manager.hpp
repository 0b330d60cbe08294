#pragma once
#include "gateway/base/secret_file.hpp"

#include <chrono>
#include <optional>
#include <ostream>
#include <string_view>

namespace gateway {

/// Who looks after the process and wants to hear of it: systemd, or whoever else set NOTIFY_SOCKET
/// (sd_notify(3), whose library this needs not). Nothing is said where nobody wants to hear. What cannot be
/// delivered is dropped: nobody here waits for a service manager.
class service_manager {
public:
    /// Connects, while sockets may still be made and names still mean what they meant. A manager that cannot
    /// be reached is told of on `tell`.
    service_manager(environment const& get, std::ostream& tell);
    ~service_manager();
    service_manager(service_manager const&) = delete;
    service_manager& operator=(service_manager const&) = delete;

    void ready() const noexcept;
    /// Until `ready` the manager waits. `now`: by CLOCK_MONOTONIC.
    void reloading(std::chrono::steady_clock::time_point now) const;
    /// It ends by itself, within `time`: a manager with less patience shall have as much.
    void stopping(std::chrono::microseconds time) const;
    void alive() const noexcept;

    /// It is taken for dead when it has not said `alive` for so long. Nothing: nobody listens for that.
    [[nodiscard]] std::optional<std::chrono::microseconds> patience() const noexcept { return patience_; }

private:
    void say(std::string_view state) const noexcept;

    int socket_ = -1;
    std::optional<std::chrono::microseconds> patience_;
};

} // namespace gateway
