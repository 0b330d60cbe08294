#pragma once
#include "gateway/wire/body.hpp"
#include "gateway/wire/head.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

/// HTTP/1.1 messages read a second time, byte after byte from the whole text, for nothing but to be right.
/// Shares only the words for a verdict with the readers that it is held against.
namespace fuzz::simple {

struct head {
    std::string method;
    std::string target;
    std::string host;
    unsigned status = 0;
    std::string reason;
    unsigned minor_version = 1;
    gateway::wire::framing body{};
    std::uint64_t content_length = 0;
    bool keep_alive = false;
    bool expects_continue = false;
    bool websocket = false;
    std::string websocket_key;
    std::vector<std::pair<std::string, std::string>> fields;

    friend bool operator==(head const&, head const&) = default;
};

struct head_verdict {
    gateway::wire::head_state state{};
    gateway::wire::head_flaw flaw{}; ///< when flawed
    std::size_t bytes = 0;           ///< when complete
    head what;                       ///< when complete

    friend bool operator==(head_verdict const&, head_verdict const&) = default;
};

[[nodiscard]] head_verdict read_request(std::string const& text, gateway::wire::head_limits const& limits);
[[nodiscard]] head_verdict
read_response(std::string const& text, gateway::wire::head_limits const& limits, bool to_head_request);

struct body_verdict {
    gateway::wire::body_decoder::state now{};
    std::size_t bytes = 0; ///< that belong to the body, when it is done
    std::string payload;

    friend bool operator==(body_verdict const&, body_verdict const&) = default;
};

[[nodiscard]] body_verdict
read_body(std::string const& text, gateway::wire::framing how, std::uint64_t content_length);

} // namespace fuzz::simple
