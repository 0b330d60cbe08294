#include "policy/seeded_hash.hpp"

#include <bit>
#include <cstddef>

namespace policy {
namespace {

/// Up to eight bytes, the first one lowest.
std::uint64_t read_word(std::string_view bytes) noexcept
{
    std::uint64_t out = 0;
    for (auto i = bytes.size(); i > 0; --i)
        out = out << 8U | static_cast<unsigned char>(bytes[i - 1]);
    return out;
}

struct state {
    std::uint64_t a, b, c, d;

    void round() noexcept
    {
        a += b;
        c += d;
        b = std::rotl(b, 13) ^ a;
        d = std::rotl(d, 16) ^ c;
        a = std::rotl(a, 32) + d;
        c += b;
        d = std::rotl(d, 21) ^ a;
        b = std::rotl(b, 17) ^ c;
        c = std::rotl(c, 32);
    }
    void take(std::uint64_t word) noexcept
    {
        d ^= word;
        round();
        round();
        a ^= word;
    }
};

} // namespace

std::uint64_t seeded_hash::operator()(std::string_view bytes) const noexcept
{
    constexpr std::size_t word = sizeof(std::uint64_t);
    state s{
        seed_[0] ^ 0x736f6d6570736575U,
        seed_[1] ^ 0x646f72616e646f6dU,
        seed_[0] ^ 0x6c7967656e657261U,
        seed_[1] ^ 0x7465646279746573U};
    auto const size = bytes.size();
    for (; bytes.size() >= word; bytes.remove_prefix(word))
        s.take(read_word(bytes.substr(0, word)));
    s.take(read_word(bytes) | static_cast<std::uint64_t>(size) << 56U);
    s.c ^= 0xff;
    for (auto i = 0; i < 4; ++i)
        s.round();
    return s.a ^ s.b ^ s.c ^ s.d;
}

} // namespace policy
