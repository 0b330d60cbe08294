/// Faults on order: rules set through the control endpoint that make the upstream misbehave for some
/// requests.
#pragma once

#include "tests/simulator/head.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <vector>

namespace simulator {

enum class action {
    big_body,
    close_after_accept,
    close_delimited,
    delay,
    early_answer,
    hang,
    hold_after_chunks,
    informational,
    never_read,
    raw,
    refuse_handshake,
    reset_after_bytes,
    reset_before_answer,
    slow_read,
    status,
    truncate_chunk,
    truncate_close_delimited,
    truncate_no_close_notify,
    vanish,
    ws_echo,
    ws_push,
    ws_raw,
};

struct fault {
    std::string path; ///< exact, or a prefix when it ends in '*'
    int times = 1;    ///< requests still to be met; -1 for all
    action kind = action::delay;
    std::uint64_t ms = 0, bytes = 0, chunks = 1, count = 1;
    unsigned status = 0;  ///< 0: the action's own default
    unsigned code = 1000; ///< WebSocket close code
    std::string reason, body;
    std::string raw; ///< decoded `bytes_b64`
    bool close = true;
    header_list headers;
};

class fault_book {
public:
    /// Replaces all rules. Says what is wrong, and changes nothing, when a rule cannot be understood.
    [[nodiscard]] std::string replace(boost::json::value const& rules);
    void clear() { rules_.clear(); }

    /// The first rule that meets `path`, used up by one; of several rules one request meets one.
    [[nodiscard]] std::optional<fault> take(std::string_view path);

private:
    std::vector<fault> rules_;
};

} // namespace simulator
