#include "tests/simulator/framing.hpp"

#include "tests/simulator/head.hpp"
#include "tests/simulator/text.hpp"

#include <algorithm>

namespace simulator {

body_framing::body_framing(request_head const& head)
{
    if (head.chunked) state_ = state::chunk_size;
    left_ = head.content_length.value_or(0);
    if (left_ != 0) state_ = state::length;
}

bool body_framing::read_chunk_size(std::string_view line)
{
    auto const digits = trimmed(line.substr(0, line.find(';')));
    if (digits.empty() || digits.size() > 15) return false;
    auto const* const end = digits.data() + digits.size();
    if (std::from_chars(digits.data(), end, left_, 16).ptr != end) return false;
    state_ = left_ == 0 ? state::trailer : state::chunk_data;
    return true;
}

std::optional<body_framing::step> body_framing::take_line(std::string_view input)
{
    auto const end = input.find("\r\n");
    if (end == std::string_view::npos) {
        if (input.size() > 4096) return {};
        return step{};
    }
    auto const line = input.substr(0, end);
    switch (state_) {
    case state::chunk_size:
        if (!read_chunk_size(line)) return {};
        break;
    case state::chunk_end:
        if (!line.empty()) return {};
        state_ = state::chunk_size;
        break;
    case state::trailer:
        if (line.empty()) state_ = state::done;
        break;
    case state::length:
    case state::chunk_data:
    case state::done:
        return {};
    }
    return step{.used = end + 2, .piece = {}};
}

std::optional<body_framing::step> body_framing::take(std::string_view input)
{
    if (state_ == state::done || input.empty()) return step{};
    if (state_ != state::length && state_ != state::chunk_data) return take_line(input);
    auto const size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
    left_ -= size;
    if (left_ == 0) state_ = state_ == state::length ? state::done : state::chunk_end;
    return step{.used = size, .piece = input.substr(0, size)};
}

} // namespace simulator
