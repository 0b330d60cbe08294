#pragma once
#include "policy/seeded_hash.hpp"
#include "policy/token.hpp"

#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace gateway::session {

/// How long the streams of renewed sessions may last. A stream looks here when the time of the token that
/// opened it is over: one that was renewed goes on, without a reconnect. Safe from every thread; asked at the
/// end of a term only, never on a request's way.
class renewals {
public:
    /// Beyond `entries_max` sessions none is taken in, and their streams end with the token that opened them.
    renewals(std::size_t entries_max, policy::hash_seed const& seed)
        : entries_max_(entries_max), until_(0, policy::seeded_hash(seed))
    {
    }

    void
    note(std::string_view sid, policy::seconds_since_epoch stream_until, policy::seconds_since_epoch now);
    [[nodiscard]] std::optional<policy::seconds_since_epoch> stream_until(std::string_view sid) const;
    [[nodiscard]] std::size_t size() const;

private:
    void forget_ended(policy::seconds_since_epoch now);

    std::size_t entries_max_;
    mutable std::mutex guard_;
    std::unordered_map<std::string, policy::seconds_since_epoch, policy::seeded_hash, std::equal_to<>>
        until_;                 ///< by `sid`
    std::size_t swept_at_ = 64; ///< the size at which those that have ended are looked for
};

} // namespace gateway::session
