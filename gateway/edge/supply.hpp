#pragma once
#include "gateway/base/task.hpp"
#include "gateway/edge/generation.hpp"
#include "gateway/edge/loop.hpp"
#include "gateway/edge/surroundings.hpp"
#include "gateway/relay/sides.hpp"
#include "gateway/relay/socket_opener.hpp"
#include "gateway/upstream/held_sockets.hpp"
#include "gateway/upstream/pool.hpp"
#include "gateway/upstream/warm_keeper.hpp"

#include <boost/intrusive/list.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <string>
#include <vector>

namespace gateway::edge {

/// What one worker keeps ready towards one upstream, and the memory through which bytes go there and back. A
/// new configuration that says the same of the upstream and of limits keeps it.
class supply
    : public boost::intrusive_ref_counter<supply, boost::thread_unsafe_counter>,
      public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
    /// `at` and `all` must outlive the object.
    supply(
        loop& at,
        surroundings const& all,
        std::shared_ptr<upstream_side const> to,
        limits_config const& limits);
    ~supply();
    supply(supply const&) = delete;
    supply& operator=(supply const&) = delete;

    /// Whether it is what serving under `next` takes.
    [[nodiscard]] bool serves(generation const& next) const noexcept;

    /// From now on, if it is not yet, it is tended, and opens ahead of need. On the worker's thread.
    void start();
    /// What is idle closes, nothing is opened ahead any more; what is in use goes on. The chores stay until the
    /// end: a waker that may be queued knows their frames.
    void cool_down();
    /// Who may vouch for the upstream has changed: nothing that was verified before is used again.
    void trust_anew();
    /// Adds to the worker's counters what has happened since the last time.
    void note_counts() noexcept;

private:
    loop& loop_;
    std::shared_ptr<upstream_side const> to_;
    limits_config const limits_;

public:
    relay::scratch memory;
    upstream::pool pool;
    upstream::held_sockets held;
    published<upstream::credentials>::reader credentials;
    upstream::credential_keeper& keeper;
    std::string const authority; ///< what `Host` is upstream

private:
    upstream::warm_keeper warm_;
    relay::socket_opener opener_;
    upstream::pool_counts noted_;
    std::vector<task<>> chores_; ///< tending what is idle, opening ahead
};

} // namespace gateway::edge
