#pragma once
#include "tests/bench/load/session.hpp"

namespace bench::load {

/// Nothing but the handshake and the session ticket that follows it.
class handshake_session final : public session {
public:
    explicit handshake_session(statistics& counts) : counts_(&counts) {}

    step opened(connection& on, instant now) override;
    step received(connection&, std::string_view, instant) override { return step::go_on; }
    step drained(connection& on, instant now) override;
    step due(connection& on, instant now) override;

private:
    statistics* counts_;
};

} // namespace bench::load
