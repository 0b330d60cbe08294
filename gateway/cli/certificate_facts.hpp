#pragma once
#include <chrono>
#include <string>
#include <vector>

namespace gateway::cli {

/// What a person wants to know about a certificate.
struct certificate_facts {
    std::vector<std::string> names; ///< subject alternative names: DNS and IP
    std::chrono::sys_days last_day; ///< the day on which it expires
};

/// Of the first certificate in the PEM file `name`. Throws `std::runtime_error` naming it.
[[nodiscard]] certificate_facts read_certificate(std::string const& name);

} // namespace gateway::cli
