#include "gateway/wire/body.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <ostream>
#include <random>
#include <string>

namespace data = boost::unit_test::data;
using namespace gateway::wire;

namespace {

struct decoded {
    std::string payload;
    std::size_t consumed = 0;
    body_decoder::state last = body_decoder::state::more;
};

/// Feeds `bytes` in pieces whose sizes `next` gives.
template <class Next>
decoded decode(body_decoder decoder, std::string bytes, Next next)
{
    decoded out;
    while (out.consumed < bytes.size() && out.last == body_decoder::state::more) {
        auto const size = std::min<std::size_t>(next(), bytes.size() - out.consumed);
        std::span<char> const input{bytes.data() + out.consumed, size};
        auto const got = decoder.feed(input);
        out.payload += std::string_view{input.data() + got.offset, got.size};
        out.consumed += got.consumed;
        out.last = got.now;
    }
    return out;
}

decoded decode_chunked(std::string_view bytes, std::size_t step)
{
    return decode(body_decoder{framing::chunked, 0}, std::string{bytes}, [step] { return step; });
}

struct flaw_case {
    std::string_view bytes; ///< the last byte is the one that makes the flaw certain
};

std::ostream& operator<<(std::ostream& out, flaw_case const& c) { return out << c.bytes; }

constexpr std::array flaws{
    flaw_case{"x"},
    flaw_case{"\r"},
    flaw_case{"\n"},
    flaw_case{";"},
    flaw_case{" "},
    flaw_case{"-"},
    flaw_case{"+"},
    flaw_case{"0x"},
    flaw_case{"5 "},
    flaw_case{"5\t"},
    flaw_case{"5,"},
    flaw_case{"5\n"},
    flaw_case{"5\rX"},
    flaw_case{"10000000000000005"},
    flaw_case{"00000000000000005"},
    flaw_case{"ffffffffffffffff"},
    flaw_case{"8000000000000000"},
    flaw_case{"5;a\n"},
    flaw_case{"5;a\rb"},
    flaw_case{"5;\x01"},
    flaw_case{"5;\x7f"},
    flaw_case{"5;\x80"},
    flaw_case{"5;a=\"x\r"},
    flaw_case{"5;a=\"x\\\"\r"},
    flaw_case{"1\r\nab"},
    flaw_case{"1\r\na\n"},
    flaw_case{"1\r\na\r1"},
    flaw_case{"1\r\na\r\r"},
    flaw_case{"0\n"},
    flaw_case{"0\r\n\n"},
    flaw_case{"0\r\n\rx"},
    flaw_case{"0\r\n "},
    flaw_case{"0\r\n:"},
    flaw_case{"0\r\na "},
    flaw_case{"0\r\ngarbage\r"},
    flaw_case{"0\r\na: b\n"},
    flaw_case{"0\r\na: b\rc"},
    flaw_case{"0\r\na: b\r\n "},
    flaw_case{"0\r\na: b\r\n\t"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(wire_body)

BOOST_DATA_TEST_CASE(a_flaw_shows_with_its_last_byte, data::make(flaws), c)
{
    for (std::size_t const step : {std::size_t{1}, std::size_t{2}, c.bytes.size()}) {
        auto const got = decode_chunked(std::string{c.bytes} + "0\r\n\r\n", step);
        BOOST_TEST((got.last == body_decoder::state::flawed));
        BOOST_TEST(got.consumed == c.bytes.size());
        auto const before = decode_chunked(c.bytes.substr(0, c.bytes.size() - 1), step);
        BOOST_TEST((before.last == body_decoder::state::more));
    }
}

BOOST_AUTO_TEST_CASE(a_flaw_lasts_and_what_stood_before_it_is_told)
{
    std::string bytes = "3\r\nabc\r\n2\r\ndeX";
    body_decoder decoder{framing::chunked, 0};
    auto const got = decoder.feed(bytes);
    BOOST_TEST((got.now == body_decoder::state::flawed));
    BOOST_TEST(bytes.substr(got.offset, got.size) == "abcde");
    std::string more = "\r\n";
    BOOST_TEST((decoder.feed(more).now == body_decoder::state::flawed));
    BOOST_TEST(!decoder.done());
}

BOOST_AUTO_TEST_CASE(nul_is_a_flaw_in_extensions_and_trailers)
{
    using namespace std::string_literals;
    BOOST_TEST((decode_chunked("5;a\0"s, 9).last == body_decoder::state::flawed));
    BOOST_TEST((decode_chunked("0\r\na: \0"s, 9).last == body_decoder::state::flawed));
}

BOOST_AUTO_TEST_CASE(extensions_and_trailers_are_dropped)
{
    std::string_view const bytes =
        "5;a=b;c=\"d \\\" e\"\r\nhello\r\n0;z\r\nX-T: \xc3\xa9\r\nCookie:\r\n\r\nGET";
    for (std::size_t step = 1; step <= bytes.size(); ++step) {
        auto const got = decode_chunked(bytes, step);
        BOOST_TEST((got.last == body_decoder::state::done));
        BOOST_TEST(got.payload == "hello");
        BOOST_TEST(got.consumed == bytes.size() - 3);
    }
}

BOOST_AUTO_TEST_CASE(extensions_and_trailers_have_one_bound)
{
    auto const body_with = [](std::size_t extension, std::size_t trailer) {
        // what counts: the extension behind its `;` with CR, the trailer line with CRLF, the CR of the last
        // line
        return "1;" + std::string(extension - 1, 'e') + "\r\nx\r\n0\r\na:" + std::string(trailer - 4, 't') +
               "\r\n\r\n";
    };
    auto const half = body_decoder::overhead_bytes_max / 2;
    BOOST_TEST((decode_chunked(body_with(half, half - 1), 4096).last == body_decoder::state::done));
    BOOST_TEST((decode_chunked(body_with(half, half), 4096).last == body_decoder::state::flawed));
    BOOST_TEST((decode_chunked(body_with(half + 1, half - 1), 4096).last == body_decoder::state::flawed));
}

BOOST_AUTO_TEST_CASE(one_chunk_is_not_moved_and_several_are_put_together)
{
    std::string one = "5\r\nhello\r\n";
    auto const first = body_decoder{framing::chunked, 0}.feed(one);
    BOOST_TEST(first.offset == 3U);
    BOOST_TEST(first.size == 5U);
    BOOST_TEST(one == "5\r\nhello\r\n");

    std::string several = "1\r\nh\r\n4\r\nello\r\n1\r\n!\r\n0\r\n\r\n";
    auto const all = body_decoder{framing::chunked, 0}.feed(several);
    BOOST_TEST(several.substr(all.offset, all.size) == "hello!");
    BOOST_TEST((all.now == body_decoder::state::done));
}

BOOST_AUTO_TEST_CASE(a_length_ends_the_body_to_the_byte)
{
    auto const got = decode(body_decoder{framing::length, 5}, "helloGET", [] { return std::size_t{3}; });
    BOOST_TEST(got.payload == "hello");
    BOOST_TEST(got.consumed == 5U);
    BOOST_TEST((got.last == body_decoder::state::done));
    BOOST_TEST(!body_decoder(framing::length, 5).ends_with_close());
}

BOOST_AUTO_TEST_CASE(no_body_is_done_at_once)
{
    std::string next = "GET";
    for (auto decoder : {
             body_decoder{ },
             body_decoder{  framing::none, 7},
             body_decoder{ framing::length, 0}
    }) {
        BOOST_TEST(decoder.done());
        auto const got = decoder.feed(next);
        BOOST_TEST(got.consumed == 0U);
        BOOST_TEST((got.now == body_decoder::state::done));
    }
    BOOST_TEST(!body_decoder(framing::chunked, 0).done());
}

BOOST_AUTO_TEST_CASE(until_close_takes_everything)
{
    body_decoder decoder{framing::until_close, 0};
    std::string bytes = "0\r\n\r\n";
    for (int i = 0; i < 3; ++i) {
        auto const got = decoder.feed(bytes);
        BOOST_TEST(got.size == bytes.size());
        BOOST_TEST((got.now == body_decoder::state::more));
    }
    BOOST_TEST(decoder.ends_with_close());
    BOOST_TEST(!decoder.done());
}

// What write_chunk_line_before and chunk_end write, and every other legal spelling, decodes to the same
// payload in whatever pieces it comes, and not a byte of the next message is taken.
BOOST_AUTO_TEST_CASE(random_bodies_in_random_pieces_decode_to_their_payload)
{
    std::mt19937 random{20261124};
    auto const below = [&](unsigned n) { return static_cast<std::size_t>(random() % n); };
    constexpr std::array<std::string_view, 4> extensions{"", ";", ";a=b", ";q=\"\\\"\t;\""};
    constexpr std::array<std::string_view, 3> trailers{"", "A: b\r\n", "a:\r\nB:\xc3\xa9 \r\n"};
    for (int round = 0; round < 3000; ++round) {
        std::string payload;
        std::string bytes;
        for (auto chunks = below(6); chunks != 0; --chunks) {
            std::string piece(1 + below(below(8) == 0 ? 700 : 20), '\0');
            for (auto& c : piece)
                c = static_cast<char>(random());
            std::array<char, chunk_line_bytes_max> line{};
            auto const size = write_chunk_line_before(line.data() + line.size(), piece.size());
            std::string digits{line.data() + line.size() - size, size - 2};
            if (below(4) == 0) digits.insert(0, 16 - digits.size(), '0');
            bytes += digits;
            bytes += extensions[below(4)];
            (bytes += "\r\n").append(piece).append(chunk_end);
            payload += piece;
        }
        (bytes += "0").append(extensions[below(4)]).append("\r\n").append(trailers[below(3)]).append("\r\n");
        auto const got =
            decode(body_decoder{framing::chunked, 0}, bytes + "GET /next", [&] { return 1 + below(40); });
        BOOST_REQUIRE((got.last == body_decoder::state::done));
        BOOST_REQUIRE(got.payload == payload);
        BOOST_REQUIRE_EQUAL(got.consumed, bytes.size());
    }
}

BOOST_AUTO_TEST_CASE(chunk_lines_are_written_up_to_the_largest_size)
{
    std::array<char, chunk_line_bytes_max> line{};
    auto const written = [&](std::uint64_t size) {
        auto const length = write_chunk_line_before(line.data() + line.size(), size);
        return std::string{line.data() + line.size() - length, length};
    };
    BOOST_TEST(written(1) == "1\r\n");
    BOOST_TEST(written(0x1f40) == "1f40\r\n");
    BOOST_TEST(written(~std::uint64_t{0}) == "ffffffffffffffff\r\n");
}

BOOST_AUTO_TEST_SUITE_END()
