#pragma once
#include <array>
#include <cstddef>
#include <cstring>
#include <string_view>

namespace policy {

/// The names that one JSON object has shown so far, at most `Most`. Boost.JSON keeps the last of two equal
/// members, other readers the first: an object with two says different things to different readers
/// (RFC 8725 §2.5 speaks of such confusion).
template <std::size_t Most>
class member_names {
public:
    /// False: `name` was there before, or there are too many to tell.
    [[nodiscard]] bool add(std::string_view name) noexcept
    {
        if (count_ == Most || name.size() > bytes_max) return false;
        for (std::size_t i = 0; i < count_; ++i)
            if (names_[i].view() == name) return false;
        auto& next = names_[count_++];
        next.size = name.size();
        std::memcpy(next.bytes.data(), name.data(), name.size());
        return true;
    }

private:
    static constexpr std::size_t bytes_max = 64; // of the reader (json_members.cpp): longer ones never come
    struct kept {
        std::array<char, bytes_max> bytes;
        std::size_t size;
        [[nodiscard]] std::string_view view() const noexcept { return {bytes.data(), size}; }
    };
    std::array<kept, Most> names_;
    std::size_t count_ = 0;
};

} // namespace policy
