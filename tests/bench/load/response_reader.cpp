#include "tests/bench/load/response_reader.hpp"

#include "tests/bench/wire/fields.hpp"

#include <algorithm>
#include <charconv>
#include <strings.h>

namespace bench::load {

response_reader::piece response_reader::take(std::string_view bytes)
{
    switch (at_) {
    case part::head:
        return take_head(bytes);
    case part::sized_body:
    case part::chunk:
        return take_body(bytes);
    case part::chunk_size:
        return take_chunk_size(bytes);
    case part::chunk_end:
        return take_chunk_end(bytes);
    case part::trailers:
        return take_trailer(bytes);
    }
    return {};
}

response_reader::piece response_reader::take_head(std::string_view bytes)
{
    constexpr std::size_t status_at = 9; // after "HTTP/1.1 "
    auto const had = text_.size();
    text_ += bytes;
    auto const end = text_.find("\r\n\r\n", had > 3 ? had - 3 : 0);
    if (end == text_.npos) return {bytes.size(), {}, false};
    std::string_view const head(text_.data(), end + 2);
    status_ = static_cast<int>(number(head.substr(std::min(status_at, head.size()))));
    auto const connection = field(head, "connection");
    closes_ = connection.size() == 5 && strncasecmp(connection.data(), "close", 5) == 0;
    auto const chunked = field(head, "transfer-encoding").find("chunked") != head.npos;
    left_ = number(field(head, "content-length"));
    text_.clear();
    auto const whole = !chunked && left_ == 0;
    at_ = whole ? part::head : chunked ? part::chunk_size : part::sized_body;
    return {end + 4 - had, {}, whole};
}

response_reader::piece response_reader::take_body(std::string_view bytes)
{
    auto const body = bytes.substr(0, left_);
    left_ -= body.size();
    if (left_ != 0) return {body.size(), body, false};
    auto const whole = at_ == part::sized_body;
    at_ = whole ? part::head : part::chunk_end;
    return {body.size(), body, whole};
}

response_reader::piece response_reader::take_chunk_size(std::string_view bytes)
{
    auto const line = take_line(bytes);
    if (!line.complete) return line;
    left_ = 0;
    std::from_chars(text_.data(), text_.data() + text_.size(), left_, 16);
    text_.clear();
    at_ = left_ != 0 ? part::chunk : part::trailers;
    return {line.used, {}, false};
}

response_reader::piece response_reader::take_chunk_end(std::string_view bytes)
{
    auto const line = take_line(bytes);
    if (!line.complete) return line;
    text_.clear();
    at_ = part::chunk_size;
    return {line.used, {}, false};
}

response_reader::piece response_reader::take_trailer(std::string_view bytes)
{
    auto const line = take_line(bytes);
    if (!line.complete) return line;
    auto const last = text_ == "\r\n";
    text_.clear();
    if (last) at_ = part::head;
    return {line.used, {}, last};
}

/// Up to the end of a line, which is then in `text_`.
response_reader::piece response_reader::take_line(std::string_view bytes)
{
    auto const end = bytes.find('\n');
    auto const used = end == bytes.npos ? bytes.size() : end + 1;
    text_ += bytes.substr(0, used);
    return {used, {}, end != bytes.npos};
}

} // namespace bench::load
