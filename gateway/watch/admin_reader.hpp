#pragma once
#include "gateway/wire/head.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace gateway::watch {

/// What a client of the admin listener sent, as far as it was read: as strictly as on the data path. It stays
/// where it is, since `head` points into `bytes`.
struct admin_question {
    std::string bytes; ///< with what came behind the head
    wire::request_head head;
    std::string body;
    bool whole = false; ///< nothing of it is left unread
};

/// Reads the head. False: it is none, is over 8 KiB, or did not come.
[[nodiscard]] boost::asio::awaitable<bool> read_head(boost::beast::tcp_stream& from, admin_question& into);

enum class admin_body : std::uint8_t { whole, too_large, flawed };

inline constexpr std::size_t admin_body_bytes_max = std::size_t{4} * 1024;

/// Reads the body behind it.
[[nodiscard]] boost::asio::awaitable<admin_body>
read_body(boost::beast::tcp_stream& from, admin_question& into);

} // namespace gateway::watch
