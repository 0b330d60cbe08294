#pragma once
#include "gateway/edge/connection.hpp"
#include "gateway/edge/desk.hpp"
#include "gateway/edge/errands.hpp"
#include "gateway/edge/listener.hpp"

#include <boost/intrusive/list.hpp>

#include <chrono>
#include <vector>

namespace gateway::edge {

/// One event loop with its own listeners, connections and pool; a connection never leaves it. The loop waits
/// at the sockets themselves: inside another one, each turn would cost two more calls to the kernel.
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
    /// Who may vouch for the upstream has changed: nothing that was verified before is used again.
    void trust_changed();
    void press(pressure how);
    /// Streams whose token has been revoked end within a few turns.
    void revocations_changed();
    [[nodiscard]] watch::worker_metrics const& metrics() const noexcept { return desk_.metrics; }

private:
    void turn(std::chrono::milliseconds patience);
    void tick(std::chrono::steady_clock::time_point now);
    [[nodiscard]] task<> run_errands();
    [[nodiscard]] task<> end_what_is_revoked();
    void end_some_revoked();
    void note_pool() noexcept;
    [[nodiscard]] task<> accept_at(door const& where);
    [[nodiscard]] int accept_one(door const& where);
    void open_connection(int descriptor, caller from, bool tls);
    void hand_over_log();

    desk desk_;
    errands errands_;
    bool stopped_ = false;
    std::vector<door> doors_;
    int const last_for_clients_;
    std::vector<task<>> accepting_;
    std::vector<task<>> chores_; ///< errands; towards the upstream: tending what is idle, opening ahead
    boost::intrusive::list<connection> connections_; ///< owned
    boost::intrusive::list<connection> over_; ///< owned; ended in this turn, destroyed when nothing runs
    waker revocations_wake_{desk_.wakes};
    bool revocations_are_new_ = false;
    boost::intrusive::list<connection>::iterator to_look_at_ = connections_.end(); ///< the next one
};

} // namespace gateway::edge
