#pragma once
#include "gateway/base/reply.hpp"
#include "gateway/base/task.hpp"
#include "gateway/relay/download.hpp"
#include "gateway/relay/sides.hpp"
#include "gateway/relay/stream_term.hpp"
#include "gateway/relay/upload.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace gateway::relay {

/// One request on its way: what is left of it when its head is no longer in the worker's memory. Made from an
/// admission.
struct exchange {
    std::string request; ///< head and first piece of the body, as they go upstream
    upload body;
    request_facts facts;
};

/// How an exchange ended.
struct forwarded {
    unsigned status = 0;             ///< of the answer that reached the client; 0: none did
    std::optional<fault> failed;     ///< what went wrong; with status 0 the client has yet to be told
    bool client_reusable = false;    ///< the client's connection can carry another request
    bool client_left = false;        ///< the client went away first
    std::optional<stream_end> ended; ///< the gateway ended it: its term was over
    bool told_end = false;           ///< in an event, and the body has its end
    upstream::lease switched;        ///< the upstream's end of a WebSocket, when status is 101
    error_form form = error_form::problem_json; ///< in which the client reads errors
    std::string early_frames;                   ///< what the upstream sent right behind its 101
    std::uint64_t bytes_up = 0;
    std::uint64_t bytes_down = 0;
    std::chrono::steady_clock::time_point first_byte{}; ///< of the answer
    bool events = false;                                ///< the answer is an event stream
    bool upstream_reused = false;
    bool retried = false;
    unsigned connects = 0;
    unsigned connect_failures = 0;
};

/// Forwards one request and its answer. A pooled connection that died before any byte of the answer is
/// replaced once, while the whole request is still at hand. The client going away ends the upstream request.
/// When `term` is over, an event stream ends with an error event; any other body is cut, and with status 0
/// the client has yet to be told.
[[nodiscard]] task<forwarded> forward(exchange& what, client_side& client, stream_term& term, services& with);

} // namespace gateway::relay
