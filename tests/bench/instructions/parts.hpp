#pragma once
#include "tests/bench/instructions/stand.hpp"

#include <span>

namespace bench {

/// One kind of work. `play` does it several times over; it is called once to warm up, then once to be
/// counted.
struct part {
    char const* name;
    void (*play)(stand& at);
};

[[nodiscard]] std::span<part const> all_parts() noexcept;

} // namespace bench
