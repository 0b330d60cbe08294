#include "gateway/app.hpp"
#include "gateway/cli/run.hpp"

#include <iostream>

int main(int argc, char** argv)
{
    std::vector<std::string> const words(argv + 1, argv + argc);
    return gateway::cli::run(
        words, {std::cout, std::cerr, gateway::process_environment, certs::system_random, gateway::serve});
}
