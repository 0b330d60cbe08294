#pragma once
#include "gateway/wire/head.hpp"
#include "policy/judge.hpp"
#include "tests/bench/samples.hpp"

#include <stdexcept>
#include <string_view>

namespace bench {

/// A judge and what it judges by; nothing is revoked.
struct court {
    policy::judge_settings settings;
    policy::route_table routes;
    gateway::published<certs::key_set> keys{token_keys()};
    gateway::token_cipher cipher{keys};
    policy::judge judge{settings, routes, cipher};
    policy::revocation_list revoked{1, {}};
};

/// Reads a whole request head; `text` must outlive it.
inline void read(std::string_view text, gateway::wire::request_head& head)
{
    std::size_t scanned = 0;
    if (gateway::wire::read_request_head(text, {}, scanned, head).state !=
        gateway::wire::head_state::complete)
        throw std::runtime_error("the sample is no request head");
}

} // namespace bench
