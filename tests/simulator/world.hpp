/// Everything the simulator's connections share. One thread, so nothing here is locked.
#pragma once

#include "tests/simulator/bell.hpp"
#include "tests/simulator/fault.hpp"
#include "tests/simulator/options.hpp"
#include "tests/simulator/record.hpp"
#include "tests/simulator/speech.hpp"
#include "tests/simulator/token.hpp"

#include <boost/json/object.hpp>

#include <list>
#include <memory>
#include <optional>
#include <set>

namespace simulator {

class wire;
class web_socket;

/// A pool of the plan's concurrency, and a place in it that is given back on destruction.
class pool {
public:
    class place {
    public:
        place() = default;
        explicit place(std::shared_ptr<void> held) : held_{std::move(held)} {}

    private:
        std::shared_ptr<void> held_;
    };

    pool(unsigned limit, bell& changes) : limit_{limit}, changes_{changes} {}

    [[nodiscard]] std::optional<place> take(); ///< nothing when the pool is used up
    [[nodiscard]] unsigned used() const { return used_; }

private:
    unsigned limit_;
    unsigned used_ = 0;
    bell& changes_;
};

struct world {
    world(net::any_io_executor executor, options given);

    /// Waits, but not beyond the peer's departure. False when it left (or the simulator stops).
    net::awaitable<bool> pause(wire& peer, std::chrono::milliseconds time);

    /// Waits until released through the control endpoint. False as above.
    net::awaitable<bool> hold(wire& peer);

    /// Lets the longest-held piece go. False when nothing is held.
    bool release();

    [[nodiscard]] boost::json::object state() const;

    void drop_connections(); ///< RST to every TLS connection, idle ones too
    void stop();

    net::any_io_executor on;
    options settings;
    bell changes;
    recorder records;
    fault_book faults;
    token_maker tokens;
    speaker voice;
    pool tts, stt, tts_sockets;
    std::set<wire*> wires;
    std::set<std::shared_ptr<web_socket>> sockets;
    std::uint64_t open_http = 0;
    std::uint64_t connections_seen = 0;
    std::uint64_t full_handshakes = 0, resumed_handshakes = 0;
    bool stopping = false;

private:
    std::list<bool*> held_; ///< each points at its waiter's "may go"
};

[[nodiscard]] std::int64_t unix_now();

} // namespace simulator
