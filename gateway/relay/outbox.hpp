#pragma once
#include "gateway/base/give_back.hpp"
#include "gateway/base/task.hpp"
#include "gateway/wire/tls_stream.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace gateway::relay {

/// What one peer has not taken yet. Bytes go out at once; only what the socket refuses is kept, in order, and
/// while anything is kept the relay reads no more from the other side: that is the back-pressure, and it
/// bounds the memory to one window.
class outbox {
public:
    outbox() = default;
    outbox(outbox&&) noexcept = default;
    outbox& operator=(outbox&&) = delete;
    outbox(outbox const&) = delete;
    outbox& operator=(outbox const&) = delete;
    ~outbox() { forget(); }

    /// Sends `bytes`, behind what is still kept. `moved`: taken or kept; `failed`: the peer is gone.
    [[nodiscard]] wire::progress send(wire::tls_stream& to, std::string_view bytes);
    /// Sends what is kept. `moved`: all of it, or there was none; `blocked`: some is left.
    [[nodiscard]] wire::progress flush(wire::tls_stream& to);
    /// Drops what is kept, which may hold a credential.
    void forget() noexcept
    {
        if (!kept_.empty()) give_back(kept_);
        sent_ = 0;
    }
    [[nodiscard]] bool empty() const noexcept { return kept_.size() == sent_; }
    [[nodiscard]] std::size_t size() const noexcept { return kept_.size() - sent_; }

private:
    std::string kept_;
    std::size_t sent_ = 0;
};

struct client_side;

/// Waits until the client has taken what is kept in `box`, for `patience` at most. False: it is gone, or has
/// not taken it.
[[nodiscard]] task<bool>
deliver_rest(outbox& box, client_side const& client, std::chrono::milliseconds patience);

} // namespace gateway::relay
