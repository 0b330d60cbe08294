#include "gateway/wire/proxy_header.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <string>

using namespace gateway;
using namespace gateway::wire;
using namespace std::string_literals;
namespace data = boost::unit_test::data;

namespace {

constexpr auto hello = "\x16\x03\x01\x02\x00\x01"; ///< what TLS begins with

/// Of version 2.
std::string binary(unsigned command, unsigned family, std::string const& payload, std::size_t said)
{
    auto const byte = [](std::size_t n) { return std::string(1, static_cast<char>(n & 0xffU)); };
    return "\r\n\r\n\0\r\nQUIT\n"s + byte(command) + byte(family) + byte(said >> 8U) + byte(said) + payload;
}
std::string binary(unsigned command, unsigned family, std::string const& payload)
{
    return binary(command, family, payload, payload.size());
}

std::string const v4_addresses = "\xc0\x00\x02\x07\x0a\x00\x00\x01\xdd\xd5\x01\xbb"s;
std::string const v6_addresses =
    "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x07\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01\xdd\xd5\x01\xbb"s;
std::string const mapped_addresses =
    "\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\x00\x02\x07\0\0\0\0\0\0\0\0\0\0\xff\xff\x0a\x00\x00\x01\xdd\xd5\x01\xbb"s;
std::string const crc32c_that_is_wrong = "\x03\x00\x04nope"s;

/// Who a header names: an address, "nobody", or "" for what is flawed.
struct row {
    std::string header;
    std::string source;
};

std::ostream& operator<<(std::ostream& out, row const& r)
{
    for (char const c : r.header.substr(0, 60))
        out << (c >= ' ' && c < 0x7f ? c : '.');
    return out;
}

std::vector<row> lines()
{
    return {
        {"PROXY TCP4 192.0.2.7 10.0.0.1 56789 443\r\n", "192.0.2.7"},
        {"PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", "255.255.255.255"},
        {"PROXY TCP4 0.0.0.0 0.0.0.0 0 0\r\n", "0.0.0.0"},
        {"PROXY TCP6 2001:db8::7 2001:DB8::1 56789 443\r\n", "2001:db8::7"},
        {"PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
         "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
        {"PROXY TCP6 ::ffff:192.0.2.7 ::1 1 2\r\n", "192.0.2.7"},
        {"PROXY UNKNOWN\r\n", "nobody"},
        {"PROXY UNKNOWN ffff::1 \x01 anything\tat all\r\n", "nobody"},
        {"PROXY UNKNOWN " + std::string(91, 'x') + "\r\n", "nobody"}, // 107 bytes
        {"PROXY UNKNOWN " + std::string(92, 'x') + "\r\n", ""},
        {"PROXY UNKNOWN " + std::string(4000, 'x'), ""},
        {"PROXY UNKNOWN x\ry\r\n", ""},
        {"PROXY UNKNOWN x\n", ""},
        {"PROXY UNKNOWNX\r\n", ""},
        {"PROXY unknown\r\n", ""},
        {"PROXY  UNKNOWN\r\n", ""},
        {"PROXY \r\n", ""},
        {"PROXY\r\n", ""},
        {"proxy TCP4 192.0.2.7 10.0.0.1 1 2\r\n", ""},
        {" PROXY TCP4 192.0.2.7 10.0.0.1 1 2\r\n", ""},
        {"PROXY TCP4 192.0.2.7 10.0.0.1 1 2\n", ""},
        {"PROXY TCP4 192.0.2.7 10.0.0.1 1 2\r\r\n", ""},
        {"PROXY TCP4 192.0.2.7 10.0.0.1 1 2 \r\n", ""},
        {"PROXY TCP4 192.0.2.7 10.0.0.1 1 2 3\r\n", ""},
        {"PROXY TCP4 192.0.2.7 10.0.0.1 1\r\n", ""},
        {"PROXY TCP4 192.0.2.7 10.0.0.1\r\n", ""},
        {"PROXY TCP4 192.0.2.7\r\n", ""},
        {"PROXY TCP4\r\n", ""},
        {"PROXY TCP4  192.0.2.7 10.0.0.1 1 2\r\n", ""},
        {"PROXY TCP4 192.0.2.7\t10.0.0.1 1 2\r\n", ""},
        {"PROXY TCP4 192.0.2.7 10.0.0.1 01 2\r\n", ""},
        {"PROXY TCP4 192.0.2.7 10.0.0.1 1 00\r\n", ""},
        {"PROXY TCP4 192.0.2.7 10.0.0.1 65536 2\r\n", ""},
        {"PROXY TCP4 192.0.2.7 10.0.0.1 1 99999\r\n", ""},
        {"PROXY TCP4 192.0.2.7 10.0.0.1 1 100000\r\n", ""},
        {"PROXY TCP4 192.0.2.7 10.0.0.1 -1 2\r\n", ""},
        {"PROXY TCP4 192.0.2.7 10.0.0.1 +1 2\r\n", ""},
        {"PROXY TCP4 192.0.2.07 10.0.0.1 1 2\r\n", ""},
        {"PROXY TCP4 192.0.2.256 10.0.0.1 1 2\r\n", ""},
        {"PROXY TCP4 192.0.2.7 10.0.0 1 2\r\n", ""},
        {"PROXY TCP4 ::1 ::1 1 2\r\n", ""},
        {"PROXY TCP4 ::ffff:192.0.2.7 10.0.0.1 1 2\r\n", ""},
        {"PROXY TCP6 192.0.2.7 10.0.0.1 1 2\r\n", ""},
        {"PROXY TCP6 2001:db8::7 10.0.0.1 1 2\r\n", ""},
        {"PROXY TCP6 [::1] [::1] 1 2\r\n", ""},
        {"PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n", ""},
        {"PROXY TCP4 192.0.2.7\0 10.0.0.1 1 2\r\n"s, ""},
        {"PROXY UDP4 192.0.2.7 10.0.0.1 1 2\r\n", ""},
        {"PROXY TCP5 192.0.2.7 10.0.0.1 1 2\r\n", ""},
    };
}

std::vector<row> binaries()
{
    return {
        {binary(0x21, 0x11, v4_addresses), "192.0.2.7"},
        {binary(0x21, 0x21, v6_addresses), "2001:db8::7"},
        {binary(0x21, 0x21, mapped_addresses), "192.0.2.7"},
        {binary(0x21, 0x11, v4_addresses + crc32c_that_is_wrong), "192.0.2.7"},
        {binary(0x21, 0x11, v4_addresses + "no TLV at all"), "192.0.2.7"},
        {binary(0x21, 0x11, v4_addresses + std::string(4096 - 16 - 12, 't')), "192.0.2.7"},
        {binary(0x21, 0x11, v4_addresses + std::string(4097 - 16 - 12, 't')), ""},
        {binary(0x21, 0x11, {}, 65'535), ""},
        {binary(0x21, 0x11, v4_addresses.substr(1)), ""},
        {binary(0x21, 0x11, {}), ""},
        {binary(0x21, 0x21, v6_addresses.substr(1)), ""},
        {binary(0x21, 0x21, v4_addresses), ""},
        {binary(0x21, 0x00, {}), "nobody"},
        {binary(0x21, 0x00, v4_addresses), "nobody"},
        {binary(0x21, 0x12, v4_addresses), "nobody"},
        {binary(0x21, 0x22, v6_addresses), "nobody"},
        {binary(0x21, 0x31, std::string(216, '/')), "nobody"},
        {binary(0x21, 0x32, std::string(216, '/')), "nobody"},
        {binary(0x21, 0x31, std::string(215, '/')), ""},
        {binary(0x20, 0x00, {}), "nobody"},
        {binary(0x20, 0x11, v4_addresses), "nobody"},
        {binary(0x20, 0x11, {}), "nobody"},
        {binary(0x20, 0xff, "anything"), "nobody"}, // a family means nothing to LOCAL
        {"\r\n\r\n\0\r\nQUIT\r"s, ""},
        {"\r\n\r\n\0\r\nQUIX\n"s, ""},
        {"\r\n\r\n\r\n"s, ""},
    };
}

std::string source_of(proxy_header const& header)
{
    if (header.state == head_state::flawed) return "";
    return header.source ? header.source->text() : "nobody";
}

/// Until the verdict there is none; from then on it is the same, whatever follows.
void check_every_split(row const& r)
{
    auto const text = r.header + hello + std::string(5000, 'z');
    auto const last = read_proxy_header(text);
    BOOST_TEST_REQUIRE((last.state != head_state::incomplete));
    BOOST_TEST(source_of(last) == r.source);
    if (last.state == head_state::complete) BOOST_TEST(last.bytes == r.header.size());
    bool decided = false;
    for (std::size_t size = 0; size <= text.size(); ++size) {
        auto const got = read_proxy_header(std::string_view(text).substr(0, size));
        decided = decided || got.state != head_state::incomplete;
        if (!decided) continue;
        BOOST_REQUIRE((got.state == last.state && got.bytes == last.bytes && got.source == last.source));
        if (got.state == head_state::complete) BOOST_REQUIRE(size >= r.header.size());
    }
    if (last.state == head_state::complete)
        BOOST_TEST((read_proxy_header(r.header).state == head_state::complete)); // no byte more is waited for
}

} // namespace

BOOST_AUTO_TEST_SUITE(proxy_headers)

BOOST_DATA_TEST_CASE(a_line_has_one_verdict_for_every_split, data::make(lines()), r) { check_every_split(r); }

BOOST_DATA_TEST_CASE(a_binary_header_has_one_verdict_for_every_split, data::make(binaries()), r)
{
    check_every_split(r);
}

BOOST_AUTO_TEST_CASE(every_version_command_and_family_is_judged)
{
    for (unsigned command = 0; command < 256; ++command)
        for (unsigned family = 0; family < 256; ++family) {
            auto const got = read_proxy_header(binary(command, family, std::string(216, '\x01')));
            auto const address_families = "\x00\x11\x12\x21\x22\x31\x32"s;
            auto const is_one = address_families.find(static_cast<char>(family)) != std::string::npos;
            auto const good = command == 0x20 || (command == 0x21 && is_one);
            BOOST_REQUIRE((got.state == (good ? head_state::complete : head_state::flawed)));
            BOOST_REQUIRE(got.source.has_value() == (command == 0x21 && (family == 0x11 || family == 0x21)));
        }
}

BOOST_AUTO_TEST_CASE(a_header_ends_where_its_length_says)
{
    for (std::size_t said = 0; said < 65'536; ++said) {
        auto const got = read_proxy_header(binary(0x21, 0x11, std::string(4'096, '\x01'), said));
        auto const fits = said >= 12 && said <= proxy_header_bytes_max - 16;
        BOOST_REQUIRE((got.state == (fits ? head_state::complete : head_state::flawed)));
        if (fits) BOOST_REQUIRE(got.bytes == 16 + said);
    }
}

BOOST_AUTO_TEST_CASE(every_port_is_one_and_nothing_else_is)
{
    for (unsigned port = 0; port < 100'000; ++port) {
        auto const text = "PROXY TCP4 192.0.2.7 10.0.0.1 " + std::to_string(port) + " 443\r\n";
        BOOST_REQUIRE((read_proxy_header(text).state == head_state::complete) == (port < 65'536));
    }
}

BOOST_AUTO_TEST_CASE(what_begins_neither_version_is_flawed_with_its_first_wrong_byte)
{
    for (auto const& start : {"PROXY "s, "\r\n\r\n\0\r\nQUIT\n"s})
        for (std::size_t at = 0; at < start.size(); ++at)
            for (unsigned byte = 0; byte < 256; ++byte) {
                auto const other = start.substr(0, at) + static_cast<char>(byte);
                auto const good = other.back() == start[at] || (at == 0 && (byte == 'P' || byte == '\r'));
                BOOST_REQUIRE((read_proxy_header(other).state == head_state::flawed) == !good);
            }
    BOOST_TEST((read_proxy_header(hello).state == head_state::flawed));
    BOOST_TEST((read_proxy_header("GET / HTTP/1.1\r\n").state == head_state::flawed));
    BOOST_TEST((read_proxy_header("").state == head_state::incomplete));
}

BOOST_AUTO_TEST_SUITE_END()
