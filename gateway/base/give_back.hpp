#pragma once
#include "certs/secret.hpp"

#include <string>
#include <string_view>

namespace gateway {

/// Wipes `text`, which may hold somebody's token, and gives its memory back. `clear` and assignment of an
/// empty string do neither.
inline void give_back(std::string& text) noexcept
{
    if (!text.empty()) certs::wipe(text);
    std::string().swap(text);
}

/// Puts `bytes` in place of what `text` holds, and leaves nothing of that behind when it needs other memory.
inline void put_anew(std::string& text, std::string_view bytes)
{
    if (bytes.size() > text.capacity()) give_back(text);
    text.assign(bytes);
}

} // namespace gateway
