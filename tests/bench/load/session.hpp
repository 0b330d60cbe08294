#pragma once
#include "tests/bench/load/options.hpp"
#include "tests/bench/wire/clock.hpp"

#include <memory>
#include <string_view>

namespace bench::load {

class connection;
class statistics;
struct script;

/// What becomes of a connection after something happened on it.
enum class step : std::uint8_t {
    go_on,
    settle, ///< it stays open and silent
    reopen, ///< its work is done: the next one takes its place at once
    fail,   ///< it is broken, and counted as such; another takes its place a little later
};

/// What is said on one connection once its TLS handshake is over. One is made for each connection opened.
class session {
public:
    session() = default;
    virtual ~session() = default;
    session(session const&) = delete;
    session& operator=(session const&) = delete;

    [[nodiscard]] virtual step opened(connection& on, instant now) = 0;
    [[nodiscard]] virtual step received(connection& on, std::string_view bytes, instant now) = 0;
    /// All that had arrived has been read.
    [[nodiscard]] virtual step drained(connection&, instant) { return step::go_on; }
    /// The time has come that was asked for with `connection::wake_at`.
    [[nodiscard]] virtual step due(connection&, instant) { return step::go_on; }
};

[[nodiscard]] std::unique_ptr<session>
make_session(options const& given, script const& texts, statistics& counts);

} // namespace bench::load
