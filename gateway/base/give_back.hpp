#pragma once
#include <string>

namespace gateway {

/// Empties `text` and gives its memory back. `clear` and assignment of an empty string keep it.
inline void give_back(std::string& text) noexcept { std::string().swap(text); }

} // namespace gateway
