#pragma once
#include "certs/random.hpp"
#include "gateway/app.hpp"
#include "gateway/base/secret_file.hpp"

#include <functional>
#include <ostream>
#include <span>
#include <string>

namespace gateway::cli {

/// Exit codes; 64 and above as in sysexits.h.
inline constexpr int exit_ok = 0;
inline constexpr int exit_failed = 1;
inline constexpr int exit_usage = 2;
inline constexpr int exit_configuration = 78;

/// What a command works with; handed in, so that a test can stand in for the world.
struct surroundings {
    std::ostream& out;
    std::ostream& err;
    environment get;
    certs::random_source random;
    std::function<int(config const&, serve_options const&)> serve;
};

/// Runs what `words` (without the program's name) say; returns the exit code. Throws nothing.
[[nodiscard]] int run(std::span<std::string const> words, surroundings const& with);

} // namespace gateway::cli
