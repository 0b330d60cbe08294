/// Requests as text, answers as facts. The reader of answers is strict: what is not plain HTTP/1.1 fails the
/// test.
#pragma once
#include "tests/end_to_end/support/client.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace e2e {

struct field {
    std::string name;
    std::string value;
};
using fields = std::vector<field>;

/// The text of a request. `Host: localhost` stands first; `Content-Length` is added when there is a body or
/// the method is POST, unless `more` frames it. What changes something with a cookie carries `X-Voicegate:
/// 1`, as from the page's module, unless `more` says itself where it comes from.
[[nodiscard]] std::string request(
    std::string_view method, std::string_view target, fields const& more = {}, std::string_view body = {});

[[nodiscard]] field bearer(std::string_view token);
[[nodiscard]] field cookie(std::string_view token); ///< under the default name
[[nodiscard]] std::string chunk(std::string_view payload);
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

struct answer {
    unsigned status = 0;
    std::string reason;
    fields all;
    std::string body;                       ///< decoded
    std::string head;                       ///< as it came
    std::vector<std::string> informational; ///< heads of the 1xx before it, as they came
    bool whole = false;                     ///< its body has come to a proper end

    [[nodiscard]] std::string value(std::string_view name) const; ///< of the first such field; empty: none
    [[nodiscard]] std::size_t count(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const { return count(name) != 0; }

    enum class framing : std::uint8_t { none, length, chunked, until_close } body_is = framing::none;
    std::uint64_t left = 0; ///< of the body, or of the chunk
    bool in_chunk = false;
};

struct malformed_answer : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Reads up to the end of the head of a final answer. Throws when the stream ends before.
[[nodiscard]] answer read_head(client& from, bool to_head_request = false);
/// Takes more of the body. False: it is whole, or the stream has ended (`whole` tells).
[[nodiscard]] bool read_more(client& from, answer& into);
/// Reads on until `part` is in the body. False: the body ended before.
[[nodiscard]] bool read_until(client& from, answer& into, std::string_view part);
/// The whole answer, or as much as there is.
[[nodiscard]] answer read_answer(client& from, bool to_head_request = false);

/// Sends one request on a connection of its own.
[[nodiscard]] answer ask(std::uint16_t port, std::string_view request, client_options const& options = {});

} // namespace e2e
