#pragma once
#include "tests/bench/origin/request.hpp"
#include "tests/bench/origin/stream.hpp"
#include "tests/bench/wire/frame.hpp"
#include "tests/bench/wire/poller.hpp"
#include "tests/bench/wire/timers.hpp"
#include "tests/bench/wire/tls_stream.hpp"

#include <memory>
#include <optional>
#include <string>

namespace bench::origin {

class connection;
using alarm = std::weak_ptr<connection>;

/// A proxy's connection: requests, then perhaps a WebSocket. Each call says whether it goes on.
class connection : public std::enable_shared_from_this<connection> {
public:
    connection(SSL_CTX* tls, descriptor socket, poller& in, timers<alarm>& later);

    [[nodiscard]] bool ready(std::uint32_t events);
    /// The time of the stream's next piece has come.
    [[nodiscard]] bool due();

private:
    [[nodiscard]] bool shake_hands();
    [[nodiscard]] bool read();
    [[nodiscard]] bool serve();
    [[nodiscard]] bool serve_requests();
    [[nodiscard]] bool serve_messages();
    [[nodiscard]] bool answer(request const& asked);
    [[nodiscard]] bool answer_audio(request const& asked);
    [[nodiscard]] bool answer_message(frame const& message);
    [[nodiscard]] bool pump();
    [[nodiscard]] bool flush();

    tls_stream stream_;
    interest interest_;
    timers<alarm>& later_;
    bool secure_ = false;
    bool websocket_ = false;
    std::string inbox_;
    std::string outbox_; ///< kept for its room
    std::optional<stream> sending_;
};

} // namespace bench::origin
