#pragma once
#include "certs/random.hpp"
#include "gateway/base/reply.hpp"
#include "gateway/base/task.hpp"
#include "gateway/relay/sides.hpp"
#include "gateway/relay/stream_term.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::relay {

struct tunnel_setting {
    stream_term& term;
    stream_voice voice;
    certs::random_source const& random; ///< for the mask of frames to the upstream
};

/// How a WebSocket ended.
struct tunnelled {
    std::uint16_t code = 1006;
    std::string_view closed_by;    ///< "client", "upstream" or "gateway"
    std::optional<stream_end> why; ///< when the gateway ended it
    /// From the client's first frame to the upstream's first behind it.
    std::optional<std::chrono::steady_clock::duration> first_answer{};
    std::uint64_t bytes_up = 0;
    std::uint64_t bytes_down = 0;
};

/// Carries an open WebSocket: frames, pings, pongs and Close pass both ways as they are (contract §13.8).
/// When nothing goes any more the client is asked whether it is there (heartbeat.hpp). The gateway puts in a
/// Close of its own when the session's time is up or it was revoked (1008, behind an error event), when it
/// drains (1012), when the upstream vanishes (1011), and on broken framing (1002, 1007, 1009).
[[nodiscard]] task<tunnelled> tunnel(
    client_side& client,
    upstream::link& link,
    std::string_view early_frames,
    tunnel_setting const& set,
    services& with);

} // namespace gateway::relay
