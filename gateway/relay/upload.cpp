#include "gateway/relay/upload.hpp"

#include "gateway/relay/framing.hpp"

namespace gateway::relay {

upload::upload(wire::framing how, std::uint64_t content_length, std::uint64_t bytes_max) noexcept
    : body_(how, content_length), bytes_max_(bytes_max), chunked_(how == wire::framing::chunked)
{
    if (how == wire::framing::length && content_length > bytes_max) failure_ = fault::body_too_large;
}

std::optional<wire::body_decoder::piece> upload::take(std::span<char> bytes)
{
    auto const piece = body_.feed(bytes);
    bytes_ += piece.size;
    if (piece.now == wire::body_decoder::state::flawed)
        failure_ = fault::malformed_body;
    else if (bytes_ > bytes_max_)
        failure_ = fault::body_too_large;
    if (failure_) return std::nullopt;
    return piece;
}

std::optional<std::size_t> upload::take_first_piece(std::span<char> bytes, std::string& request)
{
    if (failure_) return std::nullopt;
    if (complete()) return 0;
    auto const piece = take(bytes);
    if (!piece) return std::nullopt;
    auto const payload = std::string_view(bytes.data() + piece->offset, piece->size);
    if (chunked_)
        append_chunk(request, payload, complete());
    else
        request.append(payload);
    return piece->consumed;
}

step upload::advance(client_side& client, upstream::link& to, scratch& memory)
{
    auto const flushed = pending_.flush(to.tls);
    if (flushed == wire::progress::failed) return step::failed;
    if (flushed == wire::progress::blocked) return step::blocked;
    if (complete()) return step::done;

    auto const got = client.tls.read(memory.window());
    if (got.state == wire::progress::blocked) return step::blocked;
    client_left_ = got.state != wire::progress::moved;
    if (client_left_) return step::failed;
    auto const bytes = memory.window().first(got.bytes);
    auto const piece = take(bytes);
    if (!piece) return step::failed;
    client.unread.append(bytes.data() + piece->consumed, bytes.size() - piece->consumed);
    auto const payload = bytes.subspan(piece->offset, piece->size);
    auto const framed = chunked_ ? chunk_in_place(payload, complete()) : payload;
    auto const sent = pending_.send(to.tls, {framed.data(), framed.size()});
    return sent == wire::progress::failed ? step::failed : step::moved;
}

} // namespace gateway::relay
