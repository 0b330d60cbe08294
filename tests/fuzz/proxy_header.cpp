#include "gateway/wire/proxy_header.hpp"
#include "tests/fuzz/pieces.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/fuzz/targets.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace fuzz {
namespace {

using namespace gateway;
using gateway::wire::head_state;
using gateway::wire::proxy_header_bytes_max;
using gateway::wire::read_proxy_header;
using header = gateway::wire::proxy_header;

bool same(header const& a, header const& b)
{
    return a.state == b.state && a.bytes == b.bytes && a.source == b.source;
}

/// As a connection reads it: again from the start whenever there is more, until there is a verdict.
header read_in_pieces(std::string_view bytes, unsigned way)
{
    auto cut = cutter(bytes, way);
    std::size_t come = 0;
    auto got = read_proxy_header({});
    while (got.state == head_state::incomplete && come < bytes.size()) {
        come = std::min(come + cut.next(), bytes.size());
        std::vector<char> const exact(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(come));
        got = read_proxy_header({exact.data(), exact.size()});
    }
    return got;
}

// --- the second reader ---

header named(std::size_t bytes, std::optional<ip_address> const& source)
{
    return {head_state::complete, bytes, source};
}

bool is_port(std::string const& text)
{
    if (text.empty() || text.size() > 5 || text.find_first_not_of("0123456789") != text.npos) return false;
    return std::to_string(std::stoul(text)) == text && std::stoul(text) < 65'536;
}

/// Nothing: no line of version 1.
std::optional<header> read_line_simply(std::string const& line)
{
    std::vector<std::string> words{""};
    for (char const c : line)
        if (c == ' ')
            words.emplace_back();
        else
            words.back() += c;
    if (words.size() > 1 && words[1] == "UNKNOWN") return named(line.size() + 2, std::nullopt);
    if (words.size() != 6 || !is_port(words[4]) || !is_port(words[5])) return std::nullopt;
    auto const read = [&](std::string const& text) {
        auto const is_v6 = text.find(':') != text.npos;
        return words[1] == (is_v6 ? "TCP6" : "TCP4") ? read_ip_address(text) : std::nullopt;
    };
    if (!read(words[2]) || !read(words[3])) return std::nullopt;
    return named(line.size() + 2, read(words[2]));
}

/// Nothing: no header stands there, as far as can be seen.
std::optional<header> read_simply(std::string const& text)
{
    using namespace std::string_literals;
    if (text.starts_with("PROXY ")) {
        auto const end = text.find("\r\n");
        if (end == text.npos || end + 2 > 107) return std::nullopt;
        auto const line = text.substr(0, end);
        return line.find_first_of("\r\n") == line.npos ? read_line_simply(line) : std::nullopt;
    }
    if (!text.starts_with("\r\n\r\n\0\r\nQUIT\n"s) || text.size() < 16) return std::nullopt;
    std::vector<unsigned char> const b(text.begin(), text.end());
    std::size_t const size = 16U + b[14] * 256U + b[15];
    if (size > 4'096 || text.size() < size || b[12] / 16 != 2 || b[12] % 16 > 1) return std::nullopt;
    if (b[12] % 16 == 0) return named(size, std::nullopt);
    auto const network = b[13] / 16;
    auto const transport = b[13] % 16;
    if (b[13] == 0) return named(size, std::nullopt);
    if (network < 1 || network > 3 || transport < 1 || transport > 2) return std::nullopt;
    auto const needed = network == 1 ? 12U : network == 2 ? 36U : 216U;
    if (size - 16 < needed) return std::nullopt;
    if (transport == 2 || network == 3) return named(size, std::nullopt);
    std::array<std::uint8_t, 16> address{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    auto const bytes = network == 1 ? 4 : 16;
    std::copy_n(b.begin() + 16, bytes, address.end() - bytes);
    return named(size, ip_address::of_v6(address));
}

} // namespace

void proxy_header(std::string_view bytes)
{
    auto const got = read_proxy_header(bytes);
    auto const wanted = read_simply(std::string(bytes));
    promise((got.state == head_state::complete) == wanted.has_value(), "both readers see a header or none");
    promise(!wanted || same(got, *wanted), "of the same length, and from the same source");
    promise(got.bytes <= std::min(bytes.size(), proxy_header_bytes_max), "it stands in what has come");
    if (bytes.size() >= proxy_header_bytes_max)
        promise(got.state != head_state::incomplete, "there is a verdict at the longest header at last");
    for (unsigned way = 0; way < ways_of_cutting; ++way)
        promise(same(read_in_pieces(bytes, way), got), "the verdict is the same for every split");
    if (got.state == head_state::incomplete) return;
    promise(
        same(read_proxy_header(std::string(bytes) + "\x16\x03\x01"), got),
        "nothing behind it changes the verdict");
    if (got.state == head_state::complete)
        promise(
            same(read_proxy_header(bytes.substr(0, got.bytes)), got), "it takes no byte more than its own");
}

} // namespace fuzz
