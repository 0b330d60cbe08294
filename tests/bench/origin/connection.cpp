#include "tests/bench/origin/connection.hpp"

#include "tests/bench/wire/fields.hpp"

#include <algorithm>
#include <array>
#include <openssl/evp.h>

namespace bench::origin {

namespace {

constexpr std::size_t head_bytes_max = 64UL * 1024;
constexpr std::size_t unsent_max = 64UL * 1024;

constexpr std::string_view audio_head = "HTTP/1.1 200 OK\r\n"
                                        "Content-Type: audio/pcm\r\n"
                                        "Cache-Control: no-store\r\n"
                                        "X-Request-Id: 0123456789abcdef\r\n"
                                        "Vary: Origin\r\n"
                                        "Transfer-Encoding: chunked\r\n\r\n";
constexpr std::string_view events_head = "HTTP/1.1 200 OK\r\n"
                                         "Content-Type: text/event-stream\r\n"
                                         "Cache-Control: no-cache\r\n"
                                         "Transfer-Encoding: chunked\r\n\r\n";
constexpr std::string_view not_found = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";

/// RFC 6455 §4.2.2.
std::string accept_head(std::string_view key)
{
    auto const text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    std::size_t size = 0;
    EVP_Q_digest(nullptr, "SHA1", nullptr, text.data(), text.size(), digest.data(), &size);
    std::array<unsigned char, 2 * EVP_MAX_MD_SIZE> encoded{};
    auto const n = EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(size));
    std::string out = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: "
                      "Upgrade\r\nSec-WebSocket-Accept: ";
    out.append(encoded.begin(), encoded.begin() + n);
    return out + "\r\n\r\n";
}

nanoseconds gap_of(request const& asked) { return std::chrono::microseconds(asked.parameter("gap", 0)); }

} // namespace

connection::connection(SSL_CTX* tls, descriptor socket, poller& in, timers<alarm>& later)
    : stream_(tls, std::move(socket), tls_side::server),
      interest_(in, stream_.socket().get(), this),
      later_(later)
{
    interest_.be(EPOLLIN);
}

bool connection::ready(std::uint32_t events)
{
    if (!secure_ && !shake_hands()) return false;
    if (!secure_) return true;
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0 && !read()) return false;
    if ((events & EPOLLOUT) == 0) return true;
    return serve();
}

bool connection::due() { return serve(); }

bool connection::shake_hands()
{
    auto const how = stream_.handshake();
    secure_ = how == progress::done;
    return stream_.flush() != progress::failed && how != progress::failed;
}

bool connection::read()
{
    std::array<char, 16UL * 1024> room; // NOLINT: one record fits
    bool any = false;
    do {
        auto const [bytes, how] = stream_.read(room);
        if (how == progress::failed) return false;
        if (how == progress::blocked) break;
        inbox_.append(room.data(), bytes);
        any = true;
    } while (stream_.holds_more());
    return !any || serve();
}

/// Sends what is to be sent now, and answers what has arrived meanwhile.
bool connection::serve()
{
    if (sending_ && !pump()) return false;
    if (!sending_ && !inbox_.empty() && !(websocket_ ? serve_messages() : serve_requests())) return false;
    return flush();
}

bool connection::serve_requests()
{
    while (!sending_ && !websocket_) {
        auto const asked = read_request(inbox_);
        if (!asked) return inbox_.size() <= head_bytes_max;
        auto const bytes = asked->bytes;
        if (!answer(*asked)) return false;
        inbox_.erase(0, bytes);
        if (sending_ && !pump()) return false;
    }
    return true;
}

bool connection::answer(request const& asked)
{
    if (asked.path == "/tts/bytes") return answer_audio(asked);
    if (asked.path == "/tts/sse") {
        sending_.emplace(
            stream::form::events,
            asked.parameter("n", 50),
            asked.parameter("m", 300),
            gap_of(asked),
            clock::now());
        return stream_.write(events_head);
    }
    if (asked.path == "/tts/websocket" && !asked.websocket_key.empty()) {
        websocket_ = true;
        return stream_.write(accept_head(asked.websocket_key));
    }
    return stream_.write(not_found);
}

/// Short audio goes out with its head in one record.
bool connection::answer_audio(request const& asked)
{
    auto const pieces = asked.parameter("n", 1);
    auto const piece_bytes = asked.parameter("m", 4096);
    outbox_ = audio_head;
    if (pieces == 1) {
        append_chunk(outbox_, sound(piece_bytes));
        outbox_ += body_end;
    } else {
        sending_.emplace(stream::form::chunks, pieces, piece_bytes, gap_of(asked), clock::now());
    }
    return stream_.write(outbox_);
}

bool connection::serve_messages()
{
    std::size_t used = 0;
    while (!sending_) {
        auto const next = read_frame(std::span(inbox_).subspan(used));
        if (!next) break;
        used += next->bytes;
        if (!answer_message(*next)) return false;
        if (sending_ && !pump()) return false;
    }
    inbox_.erase(0, used);
    return true;
}

/// "push N BYTES" brings N messages of so many bytes; any other message comes back as it is.
bool connection::answer_message(frame const& message)
{
    constexpr std::string_view push = "push ";
    constexpr std::size_t status_bytes = 2;
    std::string_view const text(message.payload.data(), message.payload.size());
    outbox_.clear();
    switch (message.kind) {
    case opcode::text:
        if (text.starts_with(push)) {
            auto const size_at = std::min(text.find(' ', push.size()), text.size() - 1) + 1;
            auto const n = number(text.substr(push.size()));
            sending_.emplace(
                stream::form::messages, n, number(text.substr(size_at)), nanoseconds{0}, clock::now());
            return n != 0;
        }
        [[fallthrough]];
    case opcode::binary:
        append_frame(outbox_, message.kind, text);
        break;
    case opcode::ping:
        append_frame(outbox_, opcode::pong, text);
        break;
    case opcode::pong:
        return true;
    case opcode::close:
        append_frame(outbox_, opcode::close, text.substr(0, status_bytes));
        if (stream_.write(outbox_)) (void)stream_.flush();
        return false;
    }
    return stream_.write(outbox_);
}

/// One record for each piece; what has gathered is sent when it is much, when the next piece is not due yet,
/// or at the end.
bool connection::pump()
{
    while (!sending_->ended()) {
        if (stream_.unsent() > unsent_max) {
            auto const how = stream_.flush();
            if (how != progress::done) return how == progress::blocked;
        }
        if (sending_->next_at() > clock::now()) {
            later_.add(sending_->next_at(), weak_from_this());
            return true;
        }
        outbox_.clear();
        sending_->append_next(outbox_);
        if (!stream_.write(outbox_)) return false;
    }
    sending_.reset();
    return true;
}

bool connection::flush()
{
    auto const how = stream_.flush();
    interest_.be(how == progress::blocked ? EPOLLIN | EPOLLOUT : EPOLLIN);
    return how != progress::failed;
}

} // namespace bench::origin
