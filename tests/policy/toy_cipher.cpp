#include "tests/policy/toy_cipher.hpp"

#include <algorithm>

namespace test {
namespace {

/// The finaliser of splitmix64: every bit of the input moves about half of the output.
std::uint64_t mixed(std::uint64_t x)
{
    x += 0x9e3779b97f4a7c15;
    x = (x ^ x >> 30U) * 0xbf58476d1ce4e5b9;
    x = (x ^ x >> 27U) * 0x94d049bb133111eb;
    return x ^ x >> 31U;
}

std::uint64_t absorbed(std::uint64_t state, std::span<std::uint8_t const> bytes)
{
    for (auto byte : bytes)
        state = mixed(state ^ byte);
    return mixed(state ^ bytes.size() << 8U);
}

std::span<std::uint8_t const> bytes_of(std::string_view text)
{
    return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}

policy::aead_tag
sum(std::uint64_t secret, policy::nonce const& iv, std::string_view aad, std::span<std::uint8_t const> text)
{
    policy::aead_tag tag{};
    for (std::uint64_t half = 0; half < 2; ++half) {
        auto const state = absorbed(absorbed(absorbed(mixed(secret ^ half), iv), bytes_of(aad)), text);
        for (unsigned i = 0; i < 8; ++i)
            tag[half * 8 + i] = static_cast<std::uint8_t>(state >> i * 8U);
    }
    return tag;
}

void apply_key_stream(std::uint64_t secret, policy::nonce const& iv, std::span<std::uint8_t> text)
{
    auto state = absorbed(mixed(~secret), iv);
    for (auto& byte : text) {
        state = mixed(state);
        byte = static_cast<std::uint8_t>(byte ^ state);
    }
}

} // namespace

bool toy_cipher::seal(
    std::string_view,
    policy::nonce const& iv,
    std::string_view aad,
    std::span<std::uint8_t> text,
    policy::aead_tag& tag) const noexcept
{
    if (fails) return false;
    apply_key_stream(keys_.front().secret, iv, text);
    tag = sum(keys_.front().secret, iv, aad, text);
    return true;
}

bool toy_cipher::open(
    std::string_view key_id,
    policy::nonce const& iv,
    std::string_view aad,
    std::span<std::uint8_t> text,
    policy::aead_tag const& tag,
    policy::seconds_since_epoch) const noexcept
{
    ++openings;
    auto const found = std::ranges::find(keys_, key_id, &key::id);
    if (found == keys_.end() || sum(found->secret, iv, aad, text) != tag) {
        std::ranges::fill(text, std::uint8_t{0});
        return false;
    }
    apply_key_stream(found->secret, iv, text);
    return true;
}

} // namespace test
