#include "tests/simulator/exchange.hpp"

#include "tests/simulator/framing.hpp"
#include "tests/simulator/text.hpp"
#include "tests/simulator/wire.hpp"

#include <boost/beast/http/status.hpp>
#include <boost/json.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace simulator {

reply json_reply(boost::json::object const& body)
{
    return {.status = 200, .type = "application/json", .body = boost::json::serialize(body), .headers = {}};
}

exchange::exchange(
    world& in, std::shared_ptr<wire> from, request_head const& what, std::shared_ptr<record> noted)
    : sim{in},
      client{std::move(from)},
      head{what},
      entry{std::move(noted)},
      version{cartesia_version(what)},
      request_id{new_uuid()},
      reusable{what.keep_alive},
      digest_{EVP_MD_CTX_new()}
{
    EVP_DigestInit_ex(digest_, EVP_sha256(), nullptr);
    ++sim.open_http;
    sim.changes.ring();
}

exchange::~exchange()
{
    EVP_MD_CTX_free(digest_);
    becomes_websocket();
}

void exchange::becomes_websocket()
{
    if (http_) --sim.open_http;
    http_ = false;
    sim.changes.ring();
}

// ------------------------------------------------------------------ the request's body

void exchange::take_in(std::string_view bytes)
{
    EVP_DigestUpdate(digest_, bytes.data(), bytes.size());
    entry->body_bytes += bytes.size();
    body.append(bytes.substr(0, body_kept_max - std::min(body_kept_max, body.size())));
}

void exchange::close_record_of_body()
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned size = 0;
    EVP_DigestFinal_ex(digest_, out.data(), &size);
    for (unsigned i = 0; i < size; ++i) {
        constexpr std::string_view digits = "0123456789abcdef";
        entry->body_sha256.push_back(digits[out[i] >> 4]);
        entry->body_sha256.push_back(digits[out[i] & 15]);
    }
    auto const plain = [](char c) { return (c >= ' ' && c <= '~') || c == '\r' || c == '\n' || c == '\t'; };
    if (body.size() <= 4096 && std::ranges::all_of(body, plain)) entry->body_text = body;
}

net::awaitable<bool> exchange::read_body()
{
    bool const awaited = same(head.get("expect"), "100-continue");
    if (awaited) co_await client->write("HTTP/1.1 100 Continue\r\n\r\n");
    body_framing framing{head};
    std::uint64_t due = 64 * 1024; // of the body read so far, for the next pause
    bool whole = true;
    while (whole && !framing.done()) {
        auto const step = framing.take(client->inbox);
        if (!step) {
            reusable = false;
            co_await refuse(bad_input("the chunks of the body are malformed"));
            whole = false;
        } else if (step->used == 0) {
            whole = co_await client->fill();
            left = !whole;
        } else {
            take_in(step->piece);
            client->inbox.erase(0, step->used);
        }
        if (!fails(action::slow_read) || entry->body_bytes < due) continue;
        due += 64 * 1024;
        std::chrono::milliseconds const rest{trouble->ms};
        co_await sim.pause(*client, rest);
    }
    close_record_of_body();
    co_return whole;
}

// ------------------------------------------------------------------ the answer

header_list exchange::common_headers() const
{
    header_list out{
        {"Server",                      "cartesia-sim"},
        {"X-Request-Id",                request_id    },
        {"cartesia-request-id",         request_id    },
        {"Access-Control-Allow-Origin", "*"           },
    };
    if (sim.settings.set_cookie) out.emplace_back("Set-Cookie", "upstream=1");
    return out;
}

net::awaitable<bool> exchange::put(std::string_view bytes, bool counts_as_body)
{
    if (over_ || left) co_return false;
    bool cut = false;
    if (counts_as_body && fails(action::reset_after_bytes)) {
        auto const room = trouble->bytes - std::min(trouble->bytes, body_sent_);
        cut = bytes.size() >= room;
        bytes = bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(room, bytes.size())));
    }
    if (counts_as_body) body_sent_ += bytes.size();
    bool const taken = co_await client->write(bytes);
    if (!taken) left = true;
    if (cut) {
        over_ = true;
        client->reset();
    }
    co_return taken && !cut;
}

net::awaitable<bool> exchange::put_head(reply const& what, std::string framing)
{
    entry->status = what.status;
    std::string text;
    if (fails(action::informational))
        text += "HTTP/1.1 103 Early Hints\r\nLink: </hint>; rel=preload\r\n\r\n";
    auto const reason = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(what.status));
    text += "HTTP/1.1 " + std::to_string(what.status) + ' ' + std::string{reason} + "\r\n";
    if (!what.type.empty()) text += "Content-Type: " + what.type + "\r\n";
    for (auto const& [name, value] : common_headers())
        text += name + ": " + value + "\r\n";
    for (auto const& [name, value] : what.headers)
        text += name + ": " + value + "\r\n";
    if (!framing.empty()) text += framing + "\r\n";
    if (!reusable) text += "Connection: close\r\n";
    text += "\r\n";
    co_return co_await put(text, false);
}

bool exchange::streams_anyway() const
{
    return fails(action::hold_after_chunks) || fails(action::truncate_chunk) ||
           fails(action::close_delimited) || fails(action::truncate_close_delimited) ||
           fails(action::truncate_no_close_notify);
}

net::awaitable<void> exchange::send(reply what)
{
    bool const silent = head.method == "HEAD" || what.status == 204 || what.status == 304;
    if (streams_anyway() && what.body.size() >= 2 && !silent) {
        bool const begun = co_await begin(what);
        auto const half = what.body.size() / 2;
        auto const first = std::string_view{what.body}.substr(0, half);
        auto const second = std::string_view{what.body}.substr(half);
        if (begun && co_await piece(first) && co_await piece(second)) co_await end();
        co_return;
    }
    std::string framing;
    if (what.status != 204) framing = "Content-Length: " + std::to_string(what.body.size());
    bool const begun = co_await put_head(what, std::move(framing));
    if (begun && !silent) co_await put(what.body, true);
}

reply exchange::reply_of(problem const& what) const
{
    bool const structured = structured_errors(version);
    return {
        .status = what.status,
        .type = structured ? "application/json" : "text/plain; charset=utf-8",
        .body = http_body(what, structured, request_id),
        .headers = {}};
}

net::awaitable<void> exchange::refuse(problem what)
{
    auto answer = reply_of(what);
    co_await send(std::move(answer));
}

net::awaitable<bool> exchange::begin(reply what)
{
    bool const chunks = head.protocol == "HTTP/1.1" && !fails(action::close_delimited) &&
                        !fails(action::truncate_close_delimited);
    frame_ = chunks ? frame::chunks : frame::by_close;
    if (!chunks) reusable = false;
    std::string framing;
    if (chunks) framing = "Transfer-Encoding: chunked";
    co_return co_await put_head(what, std::move(framing));
}

net::awaitable<bool> exchange::piece(std::string_view bytes)
{
    if (bytes.empty()) co_return !left; // an empty chunk would end the body
    if (fails(action::hold_after_chunks) && pieces_ == trouble->chunks) {
        bool const released = co_await sim.hold(*client);
        if (!released) left = true;
        if (!released) co_return false;
    }
    bool const torn = fails(action::truncate_chunk) && pieces_ == 1;
    bool const dropped =
        (fails(action::truncate_no_close_notify) || fails(action::truncate_close_delimited)) && pieces_ == 1;
    ++pieces_;

    std::string framed;
    if (frame_ == frame::chunks) {
        std::array<char, 20> size{};
        auto const end = std::to_chars(size.data(), size.data() + size.size(), bytes.size(), 16).ptr;
        framed.assign(size.data(), end);
        framed += "\r\n";
    }
    framed += torn ? bytes.substr(0, bytes.size() / 2) : bytes;
    if (frame_ == frame::chunks && !torn) framed += "\r\n";
    bool const taken = co_await put(framed, true);
    if (dropped) client->end_without_notify();
    if (torn || dropped) {
        over_ = true;
        reusable = false;
    }
    co_return taken && !over_;
}

net::awaitable<void> exchange::end()
{
    constexpr std::string_view last_chunk = "0\r\n\r\n";
    if (frame_ == frame::chunks) co_await put(last_chunk, false);
}

net::awaitable<void> exchange::send_big_body()
{
    std::string pattern(251 * 256, '\0'); // byte i of the body is i mod 251
    for (std::size_t i = 0; i < pattern.size(); ++i)
        pattern[i] = static_cast<char>(i % 251);
    reply const answer{
        .status = 200, .type = "application/octet-stream", .body = {}, .headers = trouble->headers};
    auto const length = "Content-Length: " + std::to_string(trouble->bytes);
    bool going = co_await put_head(answer, length);
    for (std::uint64_t rest = trouble->bytes; going && rest != 0;) {
        auto const size = std::min<std::uint64_t>(rest, pattern.size());
        auto const part = std::string_view{pattern}.substr(0, static_cast<std::size_t>(size));
        going = co_await put(part, true);
        rest -= size;
    }
}

net::awaitable<void> exchange::send_raw()
{
    co_await put(trouble->raw, false);
    if (trouble->close) reusable = false;
}

} // namespace simulator
