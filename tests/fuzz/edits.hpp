#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace fuzz {

/// `text` after the changes that `orders` name: four bytes each for what, where (two) and with which byte.
[[nodiscard]] inline std::string edited(std::string text, std::string_view orders)
{
    for (; orders.size() >= 4; orders.remove_prefix(4)) {
        auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(orders[i]); };
        auto const at = text.empty() ? 0 : (byte(1) * 256U + byte(2)) % text.size();
        switch (text.empty() ? 1 : byte(0) % 5) {
        case 0:
            text[at] = orders[3];
            break;
        case 1:
            text.insert(at, 1, orders[3]);
            break;
        case 2:
            text.erase(at, 1);
            break;
        case 3:
            text.resize(at);
            break;
        default:
            text += text.substr(at, byte(3));
            break;
        }
        if (text.size() > 10'000) break;
    }
    return text;
}

} // namespace fuzz
