#pragma once
#include "tests/fuzz/pieces.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/fuzz/simple_http.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace fuzz {

/// Small enough for the fuzzer to reach every bound.
inline constexpr gateway::wire::head_limits tight_limits{
    .bytes_max = 300, .target_bytes_max = 40, .fields_max = 6};

[[nodiscard]] inline simple::head plain(gateway::wire::request_head const& from)
{
    simple::head out;
    out.method = from.method;
    out.target = from.target;
    out.host = from.host;
    out.minor_version = from.minor_version;
    out.body = from.body;
    out.content_length = from.content_length;
    out.keep_alive = from.keep_alive;
    out.expects_continue = from.expects_continue;
    out.websocket = from.websocket;
    out.websocket_key = from.websocket_key;
    for (auto const& f : from.fields.all())
        out.fields.emplace_back(f.name, f.value);
    return out;
}

[[nodiscard]] inline simple::head plain(gateway::wire::response_head const& from)
{
    simple::head out;
    out.status = from.status;
    out.reason = from.reason;
    out.minor_version = from.minor_version;
    out.body = from.body;
    out.content_length = from.content_length;
    out.keep_alive = from.keep_alive;
    for (auto const& f : from.fields.all())
        out.fields.emplace_back(f.name, f.value);
    return out;
}

/// Reads a head that comes in pieces, by `read(bytes, scanned)`, until there is a verdict. Each time the
/// bytes stand in memory of exactly their size, so that a look beyond them shows. `use(result)` is called
/// while they still stand.
template <class Read, class Use>
void read_in_pieces(std::string_view bytes, unsigned way, Read read, Use use)
{
    auto cut = cutter(bytes, way);
    std::size_t scanned = 0;
    for (std::size_t come = 0;;) {
        come = std::min(bytes.size(), come + cut.next());
        std::vector<char> const exact(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(come));
        gateway::wire::head_result const got = read(std::string_view(exact.data(), come), scanned);
        promise(scanned <= come, "what was scanned has come");
        if (got.state == gateway::wire::head_state::incomplete && come < bytes.size()) continue;
        return use(got);
    }
}

/// The verdict in the words of the second reader.
template <class Head>
[[nodiscard]] simple::head_verdict plain(gateway::wire::head_result const& got, Head const& head)
{
    simple::head_verdict out;
    out.state = got.state;
    if (got.state == gateway::wire::head_state::flawed) out.flaw = got.flaw;
    if (got.state != gateway::wire::head_state::complete) return out;
    out.bytes = got.bytes;
    out.what = plain(head);
    return out;
}

/// Decodes a body that comes in pieces.
[[nodiscard]] inline simple::body_verdict decode_in_pieces(
    std::string_view bytes, unsigned way, gateway::wire::framing how, std::uint64_t content_length)
{
    using gateway::wire::body_decoder;
    simple::body_verdict out;
    body_decoder decoder(how, content_length);
    auto cut = cutter(bytes, way);
    for (std::size_t at = 0;;) {
        auto const part = bytes.substr(at, cut.next());
        std::vector<char> exact(part.begin(), part.end());
        auto const piece = decoder.feed(exact);
        promise(piece.consumed <= part.size(), "a decoder takes no more than there is");
        promise(piece.offset + piece.size <= piece.consumed, "payload lies in what was taken");
        out.payload.append(exact.data() + piece.offset, piece.size);
        out.now = piece.now;
        at += piece.consumed;
        if (out.now == body_decoder::state::done) out.bytes = at;
        promise(
            out.now != body_decoder::state::more || piece.consumed == part.size(), "who wants more took all");
        if (out.now != body_decoder::state::more || at == bytes.size()) break;
    }
    promise(decoder.done() == (out.now == body_decoder::state::done), "done is told in one way");
    return out;
}

} // namespace fuzz
