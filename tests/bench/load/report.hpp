#pragma once
#include "tests/bench/load/generator.hpp"

#include <string>

namespace bench::load {

/// One line of JSON. Times are in microseconds, processor time is in cores (`…_cores`) and in microseconds
/// for each operation (`…_us`).
[[nodiscard]] std::string report(options const& given, measurement const& over, statistics& counts);
[[nodiscard]] std::string report_idle(std::size_t held, statistics const& counts);

} // namespace bench::load
