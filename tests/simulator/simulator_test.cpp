#include "tests/simulator/audio.hpp"
#include "tests/simulator/base64.hpp"
#include "tests/simulator/fault.hpp"
#include "tests/simulator/framing.hpp"
#include "tests/simulator/head.hpp"
#include "tests/simulator/multipart.hpp"
#include "tests/simulator/problem.hpp"
#include "tests/simulator/text.hpp"
#include "tests/simulator/token.hpp"

#include <boost/json.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <ostream>

namespace data = boost::unit_test::data;
using namespace simulator;

BOOST_AUTO_TEST_CASE(base64_reads_what_it_writes_in_both_alphabets)
{
    BOOST_TEST(base64("a") == "YQ==");
    BOOST_TEST(base64url("\xff\xfe\xfd") == "__79");
    std::string const bytes{"\0\x01\xfe\xff~", 5};
    BOOST_TEST(unbase64(base64(bytes)).value() == bytes);
    BOOST_TEST(unbase64(base64url(bytes)).value() == bytes);
    BOOST_TEST(!unbase64("a*bc").has_value());
    BOOST_TEST(!unbase64("a").has_value());
}

struct sample_case {
    std::int16_t sample;
    int mulaw, alaw;
};
std::ostream& operator<<(std::ostream& out, sample_case const& c) { return out << c.sample; }

// From ITU-T G.711's tables: silence, the smallest steps, the ends of the scale.
constexpr std::array samples{
    sample_case{0,      0xff, 0xd5},
    sample_case{-1,     0x7f, 0x55},
    sample_case{1000,   0xce, 0xfa},
    sample_case{-1000,  0x4e, 0x7a},
    sample_case{32767,  0x80, 0xaa},
    sample_case{-32768, 0x00, 0x2a},
};
BOOST_DATA_TEST_CASE(g711_matches_the_tables, data::make(samples), c)
{
    BOOST_TEST(int{mulaw(c.sample)} == c.mulaw);
    BOOST_TEST(int{alaw(c.sample)} == c.alaw);
}

BOOST_DATA_TEST_CASE(
    a_wav_header_describes_itself, data::make({"pcm_s16le", "pcm_f32le", "pcm_mulaw", "pcm_alaw"}), name)
{
    auto const form = read_encoding(name).value();
    std::size_t const bytes = 8000 * sample_bytes(form);
    auto const header = wav_header(form, 8000, bytes);
    auto const found = describe_wav(header, header.size() + bytes);
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(found->form == name);
    BOOST_TEST(found->sample_rate == 8000U);
    BOOST_TEST(found->seconds == 1.0);
}

BOOST_AUTO_TEST_CASE(resampling_keeps_the_length_in_seconds)
{
    std::vector<std::int16_t> const second(22050, 100);
    BOOST_TEST(resample(second, 22050, 44100).size() == 44100U);
    BOOST_TEST(resample(second, 22050, 8000).size() == 8000U);
    BOOST_TEST(resample(second, 22050, 8000).back() == 100);
}

BOOST_AUTO_TEST_CASE(a_token_is_read_by_its_maker_alone_and_in_its_time)
{
    token_maker const maker;
    claims const what{
        .may = {.tts = true, .agent = true},
          .issued = 100, .expires = 160
    };
    auto const token = maker.mint(what);
    BOOST_TEST((maker.read(token, 159) == what));
    BOOST_TEST(!maker.read(token, 160).has_value());
    BOOST_TEST(!token_maker{}.read(token, 159).has_value());
    auto forged = token;
    forged[token.find('.') + 5] ^= 1;
    BOOST_TEST(!maker.read(forged, 159).has_value());
    BOOST_TEST(!maker.read("x", 159).has_value());
    BOOST_TEST(!maker.read("", 159).has_value());
}

BOOST_AUTO_TEST_CASE(a_form_is_read_in_any_order_and_cut_off)
{
    auto const boundary = boundary_of("multipart/form-data; boundary=\"b\"").value();
    std::string const body = "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nink\r\n"
                             "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n"
                             "Content-Type: audio/wav\r\n\r\nab\r\ncd\r\n--b--\r\n";
    auto const parts = read_form(body, boundary, false);
    BOOST_TEST_REQUIRE(parts.has_value());
    BOOST_TEST_REQUIRE(parts->size() == 2U);
    BOOST_TEST(parts->at(0).name == "model");
    BOOST_TEST(parts->at(1).file_name == "a.wav");
    BOOST_TEST(parts->at(1).data == "ab\r\ncd");

    auto const beginning = std::string_view{body}.substr(0, body.find("cd"));
    BOOST_TEST(!read_form(beginning, boundary, false).has_value());
    auto const some = read_form(beginning, boundary, true);
    BOOST_TEST_REQUIRE(some.has_value());
    BOOST_TEST(some->back().data == "ab\r\n");
    BOOST_TEST(!some->back().whole);
    BOOST_TEST(!boundary_of("application/json").has_value());
}

struct head_case {
    char const* name;
    char const* lines;
    bool accepted;
};
std::ostream& operator<<(std::ostream& out, head_case const& c) { return out << c.name; }

constexpr std::array heads{
    head_case{"plain",                "POST /stt?a=b HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n",                        true },
    head_case{"chunked",              "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n",                      true },
    head_case{
              "length and chunks",    "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
              false                                                                                                                 },
    head_case{"two hosts",            "GET / HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n",                                          false},
    head_case{"no host",              "GET / HTTP/1.1\r\n\r\n",                                                                false},
    head_case{"a folded line",        "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n c\r\n\r\n",                                       false},
    head_case{"space before a colon", "GET / HTTP/1.1\r\nHost : h\r\n\r\n",                                                    false},
};
BOOST_DATA_TEST_CASE(heads_are_read_strictly, data::make(heads), c)
{
    BOOST_TEST(read_head(c.lines).has_value() == c.accepted);
}

BOOST_AUTO_TEST_CASE(a_head_keeps_order_case_and_repeats)
{
    auto const head = read_head("GET /x?y HTTP/1.1\r\nhost: h\r\nB: 1\r\nA: 2\r\nb: 3\r\n\r\n");
    BOOST_TEST_REQUIRE(head.has_value());
    BOOST_TEST(head->path() == "/x");
    header_list const expected{
        {"host", "h"},
        {"B",    "1"},
        {"A",    "2"},
        {"b",    "3"},
    };
    BOOST_TEST((head->headers == expected));
}

/// The body that `wire` holds, fed `step` bytes at a time; "!" when it is malformed or does not end.
std::string unframed(std::string_view wire, std::size_t step)
{
    request_head head;
    head.chunked = true;
    body_framing framing{head};
    std::string body, held;
    while (!framing.done()) {
        auto const got = framing.take(held);
        if (!got || (got->used == 0 && wire.empty())) return "!";
        body += got->piece;
        held.erase(0, got->used);
        if (got->used != 0) continue;
        held += wire.substr(0, step);
        wire.remove_prefix(std::min(step, wire.size()));
    }
    return body;
}

BOOST_DATA_TEST_CASE(chunks_are_followed_however_they_arrive, data::xrange(1, 30), step)
{
    auto const n = static_cast<std::size_t>(step);
    BOOST_TEST(unframed("3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nT: v\r\n\r\n", n) == "abc0123456789");
    BOOST_TEST(unframed("3\r\nabcd\r\n0\r\n\r\n", n) == "!");
    BOOST_TEST(unframed("-1\r\n\r\n", n) == "!");
    BOOST_TEST(unframed("3\r\nab", n) == "!");
}

BOOST_AUTO_TEST_CASE(a_query_is_decoded)
{
    query const q{"/p?a=b+c&k=1&k=2&d=%41%zz&e"};
    BOOST_TEST(q.get("a") == "b c");
    BOOST_TEST(q.get("k") == "1");
    BOOST_TEST(q.get("d") == "A%zz");
    BOOST_TEST(q.find("e").has_value());
    BOOST_TEST(!q.find("f").has_value());
}

BOOST_AUTO_TEST_CASE(only_known_late_versions_word_errors_as_json)
{
    BOOST_TEST(structured_errors("2026-03-01"));
    BOOST_TEST(structured_errors("2026-08-14"));
    BOOST_TEST(!structured_errors("2025-04-16"));
    BOOST_TEST(!structured_errors(""));
    BOOST_TEST(!structured_errors("2030-01-01"));
    BOOST_TEST(http_body(bad_input("m"), false, "r") == "Bad input: m");
}

BOOST_AUTO_TEST_CASE(a_fault_meets_its_path_as_often_as_ordered)
{
    fault_book book;
    auto const rules = boost::json::parse(
        R"([{"path":"/a","times":2,"do":"status","status":503},{"path":"/b/*","do":"hang","times":-1}])");
    BOOST_TEST(book.replace(rules) == "");
    BOOST_TEST(book.take("/a")->status == 503U);
    BOOST_TEST(book.take("/a").has_value());
    BOOST_TEST(!book.take("/a").has_value());
    BOOST_TEST(book.take("/b/c").has_value());
    BOOST_TEST(book.replace(boost::json::parse(R"([{"path":"*","do":"nonsense"}])")) != "");
    BOOST_TEST(book.take("/b/c").has_value()); // a wrong order changes nothing
}
