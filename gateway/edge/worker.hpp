#pragma once
#include "gateway/edge/connection.hpp"
#include "gateway/edge/desk.hpp"
#include "gateway/edge/listener.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>

#include <vector>

namespace gateway::edge {

/// One event loop with its own listeners, connections and pool; a connection never leaves it. The loop is
/// Asio's; the data path's sockets stand in an epoll set of their own that the loop watches (architecture,
/// decision 1).
class worker {
public:
    /// A listener and what is expected at it.
    struct door {
        listener at;
        bool tls = true;
    };

    /// `all` must outlive the worker.
    worker(surroundings const& all, std::vector<door> doors);
    ~worker();
    worker(worker const&) = delete;
    worker& operator=(worker const&) = delete;

    /// On the worker's own thread; returns after `drain` when the last connection has ended, or after `stop`.
    void run();

    // From any thread:
    /// No new connections; idle ones end, requests get their answer, streams a Close (1012).
    void drain();
    void stop();
    void credentials_changed();
    [[nodiscard]] watch::worker_metrics const& metrics() const noexcept { return desk_.metrics; }

private:
    void watch_sockets();
    void turn();
    void tick();
    void note_pool() noexcept;
    [[nodiscard]] task<> accept_at(door const& where);
    void open_connection(int descriptor, std::string client, bool tls);
    void end_if_drained();
    void hand_over_log();

    boost::asio::io_context loop_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> busy_;
    boost::asio::posix::stream_descriptor sockets_;
    boost::asio::steady_timer ticks_;
    desk desk_;
    std::vector<door> doors_;
    std::vector<task<>> accepting_;
    std::vector<task<>> chores_; ///< towards the upstream: tending what is idle, opening ahead
    boost::intrusive::list<connection> connections_; ///< owned
    boost::intrusive::list<connection> over_; ///< owned; ended in this turn, destroyed when nothing runs
};

} // namespace gateway::edge
