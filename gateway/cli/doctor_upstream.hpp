#pragma once
#include "gateway/base/config.hpp"
#include "gateway/base/secret_file.hpp"
#include "gateway/cli/diagnosis.hpp"

namespace gateway::cli {

/// Goes the gateway's way to the upstream: looks up its name, asks it over verified TLS, compares clocks, and
/// has one token minted with the API key, which lives for a minute. What one step needs of the step before
/// that failed is not tried. Takes half a minute at most, and the name server's time.
void examine_upstream(upstream_config const& up, environment const& get, diagnosis& out);

} // namespace gateway::cli
