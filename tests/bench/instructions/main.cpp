// Carries a fixed mix of work through the data path; under callgrind each part is written as a count of its
// own. Besides, each part is looked at: it throws when the gateway does anything else than expected.
#include "tests/bench/instructions/counter.hpp"
#include "tests/bench/instructions/parts.hpp"

#include <csignal>
#include <exception>
#include <iostream>

int main()
{
    std::signal(SIGPIPE, SIG_IGN);
    std::cout << BENCH_BUILT_WITH << '\n'; // counts of another compiler are not compared
    try {
        bench::certificate_directory const certificates;
        for (auto const& one : bench::all_parts()) {
            bench::stand at(certificates);
            one.play(at); // what is made once and then kept is none of the work
            at.count();
            one.play(at);
            bench::write_count(one.name);
            std::cout << one.name << '\n';
        }
        return 0;
    } catch (std::exception const& failed) {
        std::cerr << "bench_instructions: " << failed.what() << '\n';
        return 1;
    }
}
