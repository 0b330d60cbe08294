#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace policy {

/// Random for each process, and told to nobody.
using hash_seed = std::array<std::uint64_t, 2>;

/// SipHash-2-4 (Aumasson and Bernstein, 2012): the hash of every map whose keys a peer has a say in. Without
/// the seed nobody can make keys that meet in one bucket, nor two texts with the same hash; so where a
/// collision would merely refuse a request or count for another, the hash may stand for the text. As
/// `unordered_map`'s hash it finds by `string_view`, without a copy.
class seeded_hash {
public:
    using is_transparent = void;

    explicit seeded_hash(hash_seed const& seed) noexcept : seed_(seed) {}
    [[nodiscard]] std::uint64_t operator()(std::string_view bytes) const noexcept;

private:
    hash_seed seed_;
};

} // namespace policy
