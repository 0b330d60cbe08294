#include "tests/bench/load/processor_times.hpp"

#include <unistd.h>

namespace bench::load {

processor_times read_processor_times(options const& given)
{
    processor_times out;
    out.own = processor_time(getpid());
    for (auto const& process : given.watched)
        out.watched.push_back(processor_time(process.id));
    return out;
}

} // namespace bench::load
