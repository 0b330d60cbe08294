/// The HTTP endpoints, one function each, and the table that finds them (contract §3).
#pragma once

#include "tests/simulator/asio.hpp"

#include <string_view>

namespace simulator {

class exchange;

/// Finds the route, checks the credential, answers. The body has been read.
net::awaitable<void> answer_request(exchange& x);

/// Carries out the faults that stand in for the answer, for plain requests and handshakes. True when one did.
net::awaitable<bool> answered_by_fault(exchange& x);

net::awaitable<void> answer_tts_bytes(exchange& x);
net::awaitable<void> answer_tts_sse(exchange& x);
net::awaitable<void> answer_transcription(exchange& x);

/// Whether `path` fits `pattern`, in which `{}` stands for one segment.
[[nodiscard]] bool fits(std::string_view pattern, std::string_view path);

} // namespace simulator
