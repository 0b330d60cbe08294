#pragma once
#include "gateway/base/ip_address.hpp"

#include <cstdint>
#include <string>

namespace gateway::edge {

/// Whom something comes from, as far as the gateway knows.
struct sender {
    ip_address address;
    std::string text;      ///< of the address, as the log has it
    std::uint64_t key = 0; ///< the hash of its `policy::client_network`: what it does is counted under it
};

} // namespace gateway::edge
