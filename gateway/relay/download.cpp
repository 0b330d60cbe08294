#include "gateway/relay/download.hpp"

#include "gateway/base/chars.hpp"
#include "gateway/relay/framing.hpp"
#include "gateway/relay/handshake.hpp"

#include <algorithm>

namespace gateway::relay {

namespace {

constexpr unsigned informational_max = 8; ///< more of them before the answer is not an answer

client_framing framing_for(wire::response_head const& head, bool http_1_0) noexcept
{
    switch (head.body) {
    case wire::framing::none:
        return client_framing::none;
    case wire::framing::length:
        return client_framing::length;
    case wire::framing::chunked:
    case wire::framing::until_close:
        break;
    }
    return http_1_0 ? client_framing::until_close : client_framing::chunked;
}

bool is_event_stream(std::string_view content_type) noexcept
{
    constexpr std::string_view events = "text/event-stream";
    return chars::is_same_word(content_type.substr(0, events.size()), events);
}

/// WHATWG HTML §9.2.6: an event ends with an empty line.
bool ends_event(std::string_view payload) noexcept
{
    return payload.ends_with("\n\n") || payload.ends_with("\r\n\r\n");
}

} // namespace

download::download(request_facts const& facts, std::size_t head_bytes_max) noexcept
    : facts_(facts), head_bytes_max_(head_bytes_max)
{
}

step download::send(client_side& client, std::string_view bytes, step next)
{
    client_failed_ = pending_.send(client.tls, bytes) == wire::progress::failed;
    if (client_failed_) return step::failed;
    return pending_.empty() ? next : step::moved; // done is done when the client has it
}

step download::advance(client_side& client, upstream::link& from, scratch& memory, bool keep_alive_possible)
{
    auto const flushed = pending_.flush(client.tls);
    client_failed_ = flushed == wire::progress::failed;
    if (client_failed_) return step::failed;
    if (flushed == wire::progress::blocked) return step::blocked;
    if (complete_) return step::done;

    auto const window = memory.window();
    unread_.copy(window.data(), window.size());
    auto const got = from.tls.read(window.subspan(unread_.size()));
    if (got.state == wire::progress::blocked) return step::blocked;
    if (got.state == wire::progress::closed) return ended(client);
    if (got.state == wire::progress::failed) return step::failed;

    answer_seen_ = true;
    auto const bytes = window.first(unread_.size() + got.bytes);
    unread_.clear();
    if (head_sent()) return advance_body(client, bytes, {});
    return advance_head(client, bytes, memory, keep_alive_possible);
}

step download::advance_head(
    client_side& client, std::span<char> bytes, scratch& memory, bool keep_alive_possible)
{
    auto const limits = wire::response_limits(head_bytes_max_);
    std::size_t scanned = 0;
    auto const& head = memory.response;
    auto const read = wire::read_response_head(
        {bytes.data(), bytes.size()}, limits, facts_.to_head_request, scanned, memory.response);
    if (read.state == wire::head_state::flawed) return step::failed;
    if (read.state == wire::head_state::incomplete) {
        unread_.assign(bytes.data(), bytes.size());
        return step::moved;
    }
    auto const rest = bytes.subspan(read.bytes);
    if (head.status == 101) return switch_protocols(client, rest, memory);
    if (head.status >= 200) return begin_body(client, rest, memory, keep_alive_possible);

    if (++informational_ > informational_max) return step::failed;
    memory.out.clear();
    if (!facts_.http_1_0) append_informational(memory.out, head);
    auto const next = send(client, memory.out, step::moved);
    if (next == step::failed || rest.empty()) return next;
    return advance_head(client, rest, memory, keep_alive_possible);
}

step download::begin_body(
    client_side& client, std::span<char> rest, scratch& memory, bool keep_alive_possible)
{
    auto const& head = memory.response;
    status_ = head.status;
    framing_ = framing_for(head, facts_.http_1_0);
    body_ = wire::body_decoder(head.body, head.content_length);
    upstream_keep_alive_ = head.keep_alive;
    auto const* const type = head.fields.find(field_name::content_type);
    events_ = type && is_event_stream(type->value);
    client_keep_alive_ = facts_.keep_alive && keep_alive_possible && framing_ != client_framing::until_close;

    outgoing_response with;
    with.body = framing_;
    with.keep_alive = client_keep_alive_;
    with.http_1_0 = facts_.http_1_0;
    with.request_id = facts_.request_id;
    with.hsts_max_age = facts_.hsts_max_age;
    with.set_cookie = facts_.set_cookie;
    with.cross_origin = facts_.cross_origin;
    memory.out.clear();
    append_response_head(memory.out, head, with);
    if (memory.out.size() > scratch::head_room) {
        if (send(client, memory.out, step::moved) == step::failed) return step::failed;
        memory.out.clear();
    }
    return advance_body(client, rest, memory.out);
}

step download::switch_protocols(client_side& client, std::span<char> rest, scratch& memory)
{
    if (!is_switch_we_asked_for(memory.response, facts_.websocket_key, facts_.websocket_protocols))
        return step::failed;
    status_ = 101;
    complete_ = true;
    memory.out.clear();
    append_switching(memory.out, memory.response, facts_.request_id, facts_.hsts_max_age);
    unread_.assign(rest.data(), rest.size());
    return send(client, memory.out, step::done);
}

/// `head`: the response head, when it has yet to go out; it leaves together with the first piece.
step download::advance_body(client_side& client, std::span<char> bytes, std::string_view head)
{
    auto const piece = body_.feed(bytes);
    if (piece.now == wire::body_decoder::state::flawed) return step::failed;
    bytes_ += piece.size;
    complete_ = body_.done();
    if (complete_) unread_.assign(bytes.data() + piece.consumed, bytes.size() - piece.consumed);

    auto framed = bytes.subspan(piece.offset, piece.size);
    if (events_ && !framed.empty()) between_events_ = ends_event({framed.data(), framed.size()});
    if (framing_ == client_framing::chunked) framed = chunk_in_place(framed, complete_);
    if (!head.empty()) framed = put_before(framed, head);
    auto const next = complete_ ? step::done : step::moved;
    return framed.empty() ? next : send(client, {framed.data(), framed.size()}, next);
}

bool download::tells_events() const noexcept
{
    return events_ && between_events_ && head_sent() && !complete_ && framing_ == client_framing::chunked;
}

step download::say_last(client_side& client, std::string_view event)
{
    std::string chunk;
    append_chunk(chunk, event, true);
    bytes_ += event.size();
    complete_ = true;
    return send(client, chunk, step::done);
}

/// The upstream ended its stream in good order: an end of the body only where nothing else says where it
/// ends.
step download::ended(client_side& client)
{
    if (!head_sent() || !body_.ends_with_close()) return step::failed;
    complete_ = true;
    upstream_keep_alive_ = false;
    return send(
        client, framing_ == client_framing::chunked ? wire::last_chunk : std::string_view{}, step::done);
}

} // namespace gateway::relay
