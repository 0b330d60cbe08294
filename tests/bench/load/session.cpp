#include "tests/bench/load/session.hpp"

#include "tests/bench/load/handshake_session.hpp"
#include "tests/bench/load/http_session.hpp"
#include "tests/bench/load/sse_session.hpp"
#include "tests/bench/load/websocket_session.hpp"

namespace bench::load {

std::unique_ptr<session> make_session(options const& given, script const& texts, statistics& counts)
{
    switch (given.kind) {
    case work::http:
    case work::idle_https:
        return std::make_unique<http_session>(given, texts, counts);
    case work::sse:
        return std::make_unique<sse_session>(given, texts, counts);
    case work::echo:
    case work::push:
    case work::idle_websocket:
        return std::make_unique<websocket_session>(given, texts, counts);
    case work::handshake:
        return std::make_unique<handshake_session>(counts);
    }
    return nullptr; // not reached: each kind of work has its row
}

} // namespace bench::load
