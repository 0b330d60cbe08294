#pragma once
#include "tests/bench/load/options.hpp"

#include <vector>

namespace bench::load {

/// Processor times of the load generator and of those it watches, at one moment.
struct processor_times {
    nanoseconds own{};
    std::vector<nanoseconds> watched; ///< in the order of `options::watched`
};

[[nodiscard]] processor_times read_processor_times(options const& given);

} // namespace bench::load
