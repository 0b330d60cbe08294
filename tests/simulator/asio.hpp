/// The simulator's words for Asio: one executor type, results as tuples, no exceptions from I/O.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>

namespace simulator {

namespace net = boost::asio;
using tcp = net::ip::tcp;
using error_code = boost::system::error_code;
using steady = std::chrono::steady_clock;

inline constexpr auto tuple = net::as_tuple(net::use_awaitable);

/// Ends a coroutine that nobody waits for: says on stderr what it threw, for that is a bug of ours.
void report_throw(std::exception_ptr thrown);

} // namespace simulator
