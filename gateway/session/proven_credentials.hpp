#pragma once
#include "policy/seeded_hash.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace gateway::session {

/// Credentials that were made here or were good here. To show such a one is no guess, so it may be tried
/// while its address has to wait for having failed too often (edge/failed_attempts.hpp). What is known says
/// nothing of what a credential is good for now. Safe from every thread, without a lock; of two that share a
/// place the later one is known.
///
/// It goes by the end of the text, which makes it cheap: there the tag or the signature stands, or in a key
/// random letters. Who changes what is before it gets in that way once: `forget` follows the failure.
class proven_credentials {
public:
    proven_credentials(std::size_t entries_max, policy::hash_seed const& seed)
        : hash_(seed), places_(std::bit_ceil(entries_max))
    {
    }

    void note(std::string_view credential) noexcept
    {
        auto const mark = mark_of(credential);
        place_of(mark).store(mark, std::memory_order_relaxed);
    }
    [[nodiscard]] bool has(std::string_view credential) noexcept
    {
        auto const mark = mark_of(credential);
        return place_of(mark).load(std::memory_order_relaxed) == mark;
    }
    void forget(std::string_view credential) noexcept
    {
        auto mark = mark_of(credential);
        place_of(mark).compare_exchange_strong(mark, 0, std::memory_order_relaxed);
    }

private:
    static constexpr std::size_t end_bytes = 40; ///< 240 bits in base64url

    [[nodiscard]] std::uint64_t mark_of(std::string_view credential) const noexcept
    {
        return hash_(credential.substr(credential.size() - std::min(credential.size(), end_bytes)));
    }
    [[nodiscard]] std::atomic<std::uint64_t>& place_of(std::uint64_t mark) noexcept
    {
        return places_[mark & (places_.size() - 1)];
    }

    policy::seeded_hash hash_;
    std::vector<std::atomic<std::uint64_t>> places_; ///< as many as a power of two
};

} // namespace gateway::session
