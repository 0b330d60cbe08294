#pragma once
#include "certs/keyring.hpp"
#include "gateway/watch/metrics.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <ostream>

namespace gateway {

/// Tells operators ahead of time that no key will seal tokens any more: a metric says when, and a line on
/// `out` comes a day before. For the control thread alone.
class key_watch {
public:
    using clock = std::function<std::chrono::sys_seconds()>;
    static constexpr std::chrono::hours ahead{24};

    /// All must outlive the object. `ends_at`: seconds since the epoch, 0 for never.
    key_watch(boost::asio::io_context& control, watch::counter& ends_at, std::ostream& out, clock now);

    /// Those are in force now.
    void look_at(certs::key_set const& keys);

private:
    void warn_in_time();

    boost::asio::steady_timer timer_;
    watch::counter* ends_at_;
    std::ostream* out_;
    clock now_;
    std::chrono::sys_seconds end_{};
};

} // namespace gateway
