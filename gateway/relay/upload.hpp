#pragma once
#include "gateway/base/reply.hpp"
#include "gateway/relay/outbox.hpp"
#include "gateway/relay/sides.hpp"
#include "gateway/wire/body.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace gateway::relay {

/// Carries a request body from the client to the upstream, framed anew, each piece as it came.
class upload {
public:
    upload(wire::framing how, std::uint64_t content_length, std::uint64_t bytes_max) noexcept;

    /// Appends to `request`, framed, what of the body came with the head. Returns how many of `bytes` belong
    /// to the body; nothing when it is malformed or too large (`failure`).
    [[nodiscard]] std::optional<std::size_t> take_first_piece(std::span<char> bytes, std::string& request);

    /// Sends `request` (head and first piece): nothing goes out before it.
    [[nodiscard]] wire::progress begin(upstream::link& to, std::string_view request)
    {
        return pending_.send(to.tls, request);
    }
    [[nodiscard]] step advance(client_side& client, upstream::link& to, scratch& memory);

    /// Before the same request is sent again on another link.
    void forget_unsent() noexcept { pending_.forget(); }

    /// The whole body has been read from the client.
    [[nodiscard]] bool complete() const noexcept { return body_.done(); }
    /// The upstream has taken all of it.
    [[nodiscard]] bool sent() const noexcept { return complete() && pending_.empty(); }
    /// What was wrong with the client's bytes; nothing when a peer went away.
    [[nodiscard]] std::optional<fault> failure() const noexcept { return failure_; }
    /// The client ended its stream in the middle of the body.
    [[nodiscard]] bool client_left() const noexcept { return client_left_; }
    [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

private:
    [[nodiscard]] std::optional<wire::body_decoder::piece> take(std::span<char> bytes);

    wire::body_decoder body_;
    outbox pending_;
    std::optional<fault> failure_;
    std::uint64_t bytes_ = 0;
    std::uint64_t bytes_max_;
    bool chunked_;
    bool client_left_ = false;
};

} // namespace gateway::relay
