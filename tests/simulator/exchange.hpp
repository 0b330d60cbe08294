/// One request and its answer over HTTP, with whatever fault was ordered for it.
#pragma once

#include "tests/simulator/access.hpp"
#include "tests/simulator/world.hpp"

#include <optional>

typedef struct evp_md_ctx_st EVP_MD_CTX;

namespace simulator {

class wire;

struct reply {
    unsigned status = 200;
    std::string type;
    std::string body;
    header_list headers;
};

[[nodiscard]] reply json_reply(boost::json::object const& body);

class exchange {
public:
    exchange(world& in, std::shared_ptr<wire> from, request_head const& what, std::shared_ptr<record> noted);
    ~exchange();
    exchange(exchange const&) = delete;
    exchange& operator=(exchange const&) = delete;

    /// Reads all of the body; `body` keeps the first 64 MiB. False when it did not come whole.
    net::awaitable<bool> read_body();

    net::awaitable<void> send(reply what);
    net::awaitable<void> refuse(problem what);

    /// An answer of unknown length: begin, pieces, end. False as soon as nobody reads it any more.
    net::awaitable<bool> begin(reply what);
    net::awaitable<bool> piece(std::string_view bytes);
    net::awaitable<void> end();

    net::awaitable<void> send_big_body();
    net::awaitable<void> send_raw();

    /// From the 101 on it counts as a WebSocket and no longer among `open_http`.
    void becomes_websocket();

    /// The head lines that stand on every answer, the 101 too.
    [[nodiscard]] header_list common_headers() const;
    [[nodiscard]] reply reply_of(problem const& what) const;
    [[nodiscard]] bool fails(action kind) const { return trouble && trouble->kind == kind; }

    world& sim;
    std::shared_ptr<wire> client;
    request_head const& head;
    std::shared_ptr<record> entry;
    std::optional<fault> trouble;
    std::string version;
    std::string request_id;
    std::string body;
    bool reusable;     ///< whether the connection can carry another request
    bool left = false; ///< the peer went away too early

    static constexpr std::size_t body_kept_max = 64 * 1024 * 1024;

private:
    net::awaitable<bool> put(std::string_view bytes, bool counts_as_body);
    net::awaitable<bool> put_head(reply const& what, std::string framing);
    void take_in(std::string_view bytes);
    void close_record_of_body();
    [[nodiscard]] bool streams_anyway() const;

    enum class frame { length, chunks, by_close };
    frame frame_ = frame::length;
    std::uint64_t pieces_ = 0;
    std::uint64_t body_sent_ = 0;
    bool http_ = true;
    bool over_ = false; ///< a fault ended the connection
    EVP_MD_CTX* digest_;
};

} // namespace simulator
