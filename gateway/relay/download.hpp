#pragma once
#include "gateway/base/reply.hpp"
#include "gateway/relay/heads.hpp"
#include "gateway/relay/outbox.hpp"
#include "gateway/relay/sides.hpp"
#include "gateway/wire/body.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::relay {

/// What a response depends on that only the request knew.
struct request_facts {
    std::string_view request_id;
    std::string websocket_key;       ///< not empty: a WebSocket handshake was sent
    std::string websocket_protocols; ///< what the client offered (RFC 6455 §11.3.4)
    std::string set_cookie;          ///< of a session that was renewed; empty: none
    std::string_view cross_origin;   ///< field lines for a page of another origin; outlive the exchange
    error_form form = error_form::problem_json;
    bool to_head_request = false;
    bool http_1_0 = false;
    bool keep_alive = true;
    std::chrono::seconds hsts_max_age{0};
};

/// Carries the response from the upstream to the client: informational heads, the head, the body, each piece
/// in the turn in which it came, the head together with the first piece of the body.
class download {
public:
    /// `facts` must outlive it.
    download(request_facts const& facts, std::size_t head_bytes_max) noexcept;

    /// `keep_alive_possible`: the request has been read to its end, so that the client's connection could go
    /// on.
    [[nodiscard]] step
    advance(client_side& client, upstream::link& from, scratch& memory, bool keep_alive_possible);

    [[nodiscard]] bool answer_seen() const noexcept { return answer_seen_; } ///< a byte of an answer has come
    [[nodiscard]] bool head_sent() const noexcept
    {
        return status_ != 0;
    } ///< the final head is on its way to the client
    [[nodiscard]] bool client_blocked() const noexcept { return !pending_.empty(); }
    [[nodiscard]] bool client_failed() const noexcept { return client_failed_; }
    [[nodiscard]] bool switched() const noexcept { return status_ == 101; }
    [[nodiscard]] unsigned status() const noexcept { return status_; }
    [[nodiscard]] bool client_reusable() const noexcept { return client_keep_alive_; }
    [[nodiscard]] bool upstream_reusable() const noexcept { return upstream_keep_alive_ && unread_.empty(); }
    [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }
    /// The client hears server-sent events, and stands between two of them.
    [[nodiscard]] bool tells_events() const noexcept;
    [[nodiscard]] bool has_events() const noexcept { return events_; }
    /// Sends a last event and the end of the body. `moved`: not all of it is with the client yet.
    [[nodiscard]] step say_last(client_side& client, std::string_view event);
    [[nodiscard]] outbox& rest() noexcept { return pending_; } ///< what the client has not taken yet

    /// What came behind a 101: the first frames.
    [[nodiscard]] std::string take_unread() noexcept { return std::move(unread_); }

private:
    [[nodiscard]] step
    advance_head(client_side& client, std::span<char> bytes, scratch& memory, bool keep_alive_possible);
    [[nodiscard]] step
    begin_body(client_side& client, std::span<char> rest, scratch& memory, bool keep_alive_possible);
    [[nodiscard]] step switch_protocols(client_side& client, std::span<char> rest, scratch& memory);
    [[nodiscard]] step advance_body(client_side& client, std::span<char> bytes, std::string_view head);
    [[nodiscard]] step ended(client_side& client);
    [[nodiscard]] step send(client_side& client, std::string_view bytes, step next);

    request_facts const& facts_;
    std::size_t head_bytes_max_;
    wire::body_decoder body_;
    outbox pending_;
    std::string unread_; ///< the beginning of a head that is not whole yet
    std::uint64_t bytes_ = 0;
    unsigned status_ = 0;
    unsigned informational_ = 0;
    client_framing framing_ = client_framing::none;
    bool answer_seen_ = false;
    bool client_failed_ = false;
    bool client_keep_alive_ = false;
    bool upstream_keep_alive_ = false;
    bool complete_ = false;
    bool events_ = false; ///< the body is a stream of events
    bool between_events_ = true;
};

} // namespace gateway::relay
