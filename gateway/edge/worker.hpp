#pragma once
#include "gateway/edge/connection.hpp"
#include "gateway/edge/desk.hpp"
#include "gateway/edge/errands.hpp"
#include "gateway/edge/even_pace.hpp"
#include "gateway/edge/listener.hpp"

#include <boost/intrusive/list.hpp>

#include <atomic>
#include <chrono>
#include <optional>
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
    worker(surroundings const& all, std::shared_ptr<generation const> first, std::vector<door> doors);
    ~worker();
    worker(worker const&) = delete;
    worker& operator=(worker const&) = delete;

    /// On the worker's own thread; returns after `close_doors` when the last connection has ended, or after
    /// `stop`.
    void run();

    // From any thread:
    // The end in good order, step by step:
    /// Each answer is the last one on its connection, and says so.
    void drain();
    /// Who comes to a door of our own does not get in and comes again, to another process by then; who is on
    /// the way in does.
    void turn_newcomers_away();
    /// Who waits is let in, and nobody after them. Connections without a request end soon.
    void close_doors();
    /// Streams and answers that still run are ended, one after another, evenly over `spread`.
    void end_streams(std::chrono::milliseconds spread);
    /// All that is left is cut.
    void stop();
    void credentials_changed();
    /// Requests that begin from now on are served by `next`; what is under way keeps what it began with.
    void put_in_force(std::shared_ptr<generation const> next);
    /// Who may vouch for the upstream has changed: nothing that was verified before is used again.
    void trust_changed();
    void press(pressure how);
    /// Streams whose token has been revoked end within a few turns.
    void revocations_changed();
    [[nodiscard]] watch::worker_metrics const& metrics() const noexcept { return desk_.metrics; }
    /// When it was last seen to run; for ever, once it has ended.
    [[nodiscard]] std::chrono::steady_clock::time_point last_tick() const noexcept
    {
        return last_tick_.load();
    }

private:
    void turn(std::chrono::milliseconds patience);
    void tick(std::chrono::steady_clock::time_point now);
    [[nodiscard]] task<> run_errands();
    [[nodiscard]] task<> end_what_is_revoked();
    void end_some_revoked();
    void note_pool() noexcept;
    void take(std::shared_ptr<generation const> next);
    [[nodiscard]] task<> accept_at(door const& where);
    [[nodiscard]] int accept_one(door const& where);
    void open_connection(int descriptor, ip_address const& from, bool tls);
    void let_in_who_waits(door const& where);
    void end_some(std::chrono::steady_clock::time_point now);
    void hand_over_log();

    desk desk_;
    errands errands_;
    bool stopped_ = false;
    std::atomic<std::chrono::steady_clock::time_point> last_tick_{std::chrono::steady_clock::now()};
    std::vector<door> doors_;
    int const last_for_clients_;
    std::vector<task<>> accepting_;
    std::vector<task<>> chores_;
    boost::intrusive::list<connection> connections_; ///< owned
    boost::intrusive::list<connection> over_; ///< owned; ended in this turn, destroyed when nothing runs
    waker revocations_wake_{desk_.wakes};
    bool revocations_are_new_ = false;
    boost::intrusive::list<connection>::iterator to_look_at_ = connections_.end(); ///< the next one
    boost::intrusive::list<connection>::iterator to_end_ = connections_.end();     ///< the next one
    std::optional<even_pace> ending_; ///< of what still runs, once that is to end
};

} // namespace gateway::edge
