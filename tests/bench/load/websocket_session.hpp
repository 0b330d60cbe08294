#pragma once
#include "tests/bench/load/script.hpp"
#include "tests/bench/load/session.hpp"

#include <string>

namespace bench::load {

/// A WebSocket: a message out, one or many back, and the next message; or silence once it is open.
class websocket_session final : public session {
public:
    websocket_session(options const& given, script const& texts, statistics& counts);

    step opened(connection& on, instant now) override;
    step received(connection& on, std::string_view bytes, instant now) override;

private:
    [[nodiscard]] step upgraded(connection& on);
    [[nodiscard]] step ask(connection& on);
    [[nodiscard]] step take_frames(connection& on, instant now);

    options const* given_;
    script const* texts_;
    statistics* counts_;
    std::size_t answers_; ///< messages that one of ours brings
    std::size_t awaited_ = 0;
    bool open_ = false;
    std::string inbox_;
    instant asked_at_;
};

} // namespace bench::load
