#include "gateway/wire/head.hpp"
#include "tests/gateway/wire/print.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <memory>
#include <string>

namespace data = boost::unit_test::data;
using namespace gateway;
using namespace gateway::wire;

namespace {

struct flaw_case {
    std::string_view head; ///< `|` stands for CRLF
    head_flaw flaw;
};

std::ostream& operator<<(std::ostream& out, flaw_case const& c) { return out << c.head; }

std::string with_lines(std::string_view text)
{
    std::string out;
    for (char const c : text)
        c == '|' ? out += "\r\n" : out += c;
    return out;
}

struct read_request {
    std::unique_ptr<request_head> head = std::make_unique<request_head>();
    head_result result;

    explicit read_request(std::string_view bytes, head_limits const& limits = {})
    {
        std::size_t scanned = 0;
        result = read_request_head(bytes, limits, scanned, *head);
    }
};

// Flaws that show before the head ends: the bytes stop at the first one that makes it certain.
constexpr std::array early{
    flaw_case{"|",                                 head_flaw::request_line},
    flaw_case{" ",                                 head_flaw::request_line},
    flaw_case{"GE(",                               head_flaw::request_line},
    flaw_case{"GET\t",                             head_flaw::request_line},
    flaw_case{"GET  ",                             head_flaw::request_line},
    flaw_case{"GET /a\t",                          head_flaw::request_line},
    flaw_case{"GET /\xc3",                         head_flaw::request_line},
    flaw_case{"GET /\x7f",                         head_flaw::request_line},
    flaw_case{"GET /\r",                           head_flaw::request_line},
    flaw_case{"GET /\n",                           head_flaw::request_line},
    flaw_case{"GET /  ",                           head_flaw::request_line},
    flaw_case{"GET / h",                           head_flaw::request_line},
    flaw_case{"GET / HTTP/ ",                      head_flaw::request_line},
    flaw_case{"GET / HTTP/1.\r",                   head_flaw::request_line},
    flaw_case{"GET / HTTP/1.10",                   head_flaw::request_line},
    flaw_case{"GET / HTTP/1.1 ",                   head_flaw::request_line},
    flaw_case{"GET / HTTP/1.1\n",                  head_flaw::request_line},
    flaw_case{"GET / HTTP/1.1\r\r",                head_flaw::request_line},
    flaw_case{"PRI * HTTP/2",                      head_flaw::version     },
    flaw_case{"GET / HTTP/0",                      head_flaw::version     },
    flaw_case{"GET / HTTP/1.2",                    head_flaw::version     },
    flaw_case{"ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG", head_flaw::request_line},
    flaw_case{"GET / HTTP/1.1| ",                  head_flaw::field_line  },
    flaw_case{"GET / HTTP/1.1|\t",                 head_flaw::field_line  },
    flaw_case{"GET / HTTP/1.1|:",                  head_flaw::field_line  },
    flaw_case{"GET / HTTP/1.1|A ",                 head_flaw::field_line  },
    flaw_case{"GET / HTTP/1.1|A\r",                head_flaw::field_line  },
    flaw_case{"GET / HTTP/1.1|\n",                 head_flaw::field_line  },
    flaw_case{"GET / HTTP/1.1|A\xc3",              head_flaw::field_line  },
    flaw_case{"GET / HTTP/1.1|\"",                 head_flaw::field_line  },
    flaw_case{"GET / HTTP/1.1|A: b\n",             head_flaw::field_line  },
    flaw_case{"GET / HTTP/1.1|A: b\rc",            head_flaw::field_line  },
    flaw_case{"GET / HTTP/1.1|A: \x1b",            head_flaw::field_line  },
    flaw_case{"GET / HTTP/1.1|A: \v",              head_flaw::field_line  },
    flaw_case{"GET / HTTP/1.1|A: \x7f",            head_flaw::field_line  },
    flaw_case{"GET / HTTP/1.1|A: b| ",             head_flaw::field_line  },
    flaw_case{"GET / HTTP/1.1|A: b|\n",            head_flaw::field_line  },
    flaw_case{"GET / HTTP/1.1|A: b|\rx",           head_flaw::field_line  },
};

// Flaws of what the fields mean: `Host: a` and the empty line are put behind.
constexpr std::array late{
    flaw_case{"GET / HTTP/1.1|Host: b|",                                               head_flaw::host       },
    flaw_case{"GET / HTTP/1.0|Host: b|",                                               head_flaw::host       },
    flaw_case{"GET / HTTP/1.1|Content-Length: 2|Content-Length: 2|",                   head_flaw::framing    },
    flaw_case{"GET / HTTP/1.1|Content-Length: 2, 2|",                                  head_flaw::framing    },
    flaw_case{"GET / HTTP/1.1|Content-Length: +2|",                                    head_flaw::framing    },
    flaw_case{"GET / HTTP/1.1|Content-Length: -2|",                                    head_flaw::framing    },
    flaw_case{"GET / HTTP/1.1|Content-Length:|",                                       head_flaw::framing    },
    flaw_case{"GET / HTTP/1.1|Content-Length: 0x2|",                                   head_flaw::framing    },
    flaw_case{"GET / HTTP/1.1|Content-Length: 2 2|",                                   head_flaw::framing    },
    flaw_case{"GET / HTTP/1.1|Content-Length: 9223372036854775808|",                   head_flaw::framing    },
    flaw_case{"GET / HTTP/1.1|Content-Length: 00000000000000000002|",                  head_flaw::framing    },
    flaw_case{"GET / HTTP/1.1|Transfer-Encoding: chunked|Content-Length: 2|",          head_flaw::framing    },
    flaw_case{"GET / HTTP/1.1|Transfer-Encoding: chunked|Transfer-Encoding: chunked|", head_flaw::framing    },
    flaw_case{"GET / HTTP/1.1|Transfer-Encoding: gzip, chunked|",                      head_flaw::framing    },
    flaw_case{"GET / HTTP/1.1|Transfer-Encoding: chunked;q=1|",                        head_flaw::framing    },
    flaw_case{"GET / HTTP/1.1|Transfer-Encoding: identity|",                           head_flaw::framing    },
    flaw_case{"GET / HTTP/1.1|Transfer-Encoding:|",                                    head_flaw::framing    },
    flaw_case{"GET / HTTP/1.0|Transfer-Encoding: chunked|",                            head_flaw::framing    },
    flaw_case{"GET / HTTP/1.1|Connection: a b|",                                       head_flaw::field_line },
    flaw_case{"GET / HTTP/1.1|Connection: close, \"x\"|",                              head_flaw::field_line },
    flaw_case{"GET / HTTP/1.1|Connection: \xc3\xa9|",                                  head_flaw::field_line },
    flaw_case{"GET / HTTP/1.1|Expect: 200-maybe|",                                     head_flaw::expectation},
    flaw_case{"GET / HTTP/1.1|Expect:|",                                               head_flaw::expectation},
    flaw_case{"GET / HTTP/1.1|Expect: 100-continue|Expect: 100-continue|",             head_flaw::expectation},
    flaw_case{"GET / HTTP/1.1|Connection: Upgrade, HTTP2-Settings|Upgrade: h2c|",      head_flaw::upgrade    },
    flaw_case{"GET / HTTP/1.1|Upgrade: websocket|",                                    head_flaw::upgrade    },
    flaw_case{"GET / HTTP/1.1|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==|",           head_flaw::upgrade    },
};

constexpr std::string_view handshake =
    "Connection: keep-alive, Upgrade|Upgrade: WebSocket|"
    "Sec-WebSocket-Version: 13|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==|";

struct edit_case {
    std::string_view what; ///< in a correct handshake
    std::string_view with;
};

std::ostream& operator<<(std::ostream& out, edit_case const& c) { return out << c.what << " -> " << c.with; }

constexpr std::array broken_handshakes{
    edit_case{"GET",                                          "POST"                                                },
    edit_case{"GET",                                          "get"                                                 },
    edit_case{"HTTP/1.1",                                     "HTTP/1.0"                                            },
    edit_case{"Upgrade: WebSocket",                           "Upgrade: websocket, h2c"                             },
    edit_case{"Upgrade: WebSocket",                           "Upgrade: websocket|Upgrade: websocket"               },
    edit_case{"Upgrade: WebSocket|",                          ""                                                    },
    edit_case{", Upgrade",                                    ""                                                    },
    edit_case{": 13",                                         ": 12"                                                },
    edit_case{": 13",                                         ": 13, 8"                                             },
    edit_case{"Sec-WebSocket-Version: 13|",                   ""                                                    },
    edit_case{"Sec-WebSocket-Version: 13|",                   "Sec-WebSocket-Version: 13|Sec-WebSocket-Version: 13|"},
    edit_case{"dGhlIHNhbXBsZSBub25jZQ==",                     "c2hvcnQ="                                            },
    edit_case{"ZQ==",                                         "ZR=="                                                },
    edit_case{"ZQ==",                                         "ZQ=A"                                                },
    edit_case{"dGhl",                                         "dG-l"                                                },
    edit_case{"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==|", ""                                                    },
    edit_case{"Host: a|",                                     "Host: a|Content-Length: 5|"                          },
    edit_case{"Host: a|",                                     "Host: a|Transfer-Encoding: chunked|"                 },
};

} // namespace

BOOST_AUTO_TEST_SUITE(wire_request_head)

BOOST_DATA_TEST_CASE(a_flaw_of_form_shows_with_its_last_byte_and_not_before, data::make(early), c)
{
    auto const bytes = with_lines(c.head);
    read_request const got{bytes};
    BOOST_TEST(got.result.state == head_state::flawed);
    BOOST_TEST(got.result.flaw == c.flaw);
    if (c.head != "|") // its CR alone is already one
        BOOST_TEST(read_request{bytes.substr(0, bytes.size() - 1)}.result.state == head_state::incomplete);
}

BOOST_AUTO_TEST_CASE(nul_is_a_flaw_everywhere)
{
    std::string const good = with_lines("GET / HTTP/1.1|Host: a|A: b||");
    for (std::size_t i = 0; i < good.size(); ++i) {
        auto bad = good;
        bad[i] = '\0';
        BOOST_TEST(read_request{bad.substr(0, i + 1)}.result.state == head_state::flawed);
    }
}

BOOST_DATA_TEST_CASE(a_flaw_of_meaning_shows_at_the_end, data::make(late), c)
{
    auto const bytes = with_lines(std::string{c.head} + "Host: a||");
    read_request const got{bytes};
    BOOST_TEST(got.result.state == head_state::flawed);
    BOOST_TEST(got.result.flaw == c.flaw);
    BOOST_TEST(read_request{bytes.substr(0, bytes.size() - 1)}.result.state == head_state::incomplete);
}

BOOST_AUTO_TEST_CASE(a_plain_head_is_read)
{
    auto const bytes = with_lines("POST /tts/bytes?a=b HTTP/1.1|hOsT:  a:8443 \t|Content-Length: 002|X:||{}");
    read_request const got{bytes};
    BOOST_TEST(got.result.state == head_state::complete);
    BOOST_TEST(got.result.bytes == bytes.size() - 2);
    auto const& head = *got.head;
    BOOST_TEST(head.method == "POST");
    BOOST_TEST(head.target == "/tts/bytes?a=b");
    BOOST_TEST(head.host == "a:8443");
    BOOST_TEST(head.minor_version == 1U);
    BOOST_TEST(head.body == framing::length);
    BOOST_TEST(head.content_length == 2U);
    BOOST_TEST(head.keep_alive);
    BOOST_TEST(!head.websocket);
    BOOST_TEST(!head.expects_continue);
    BOOST_REQUIRE_EQUAL(head.fields.all().size(), 3U);
    BOOST_TEST(head.fields.all()[0].name == "hOsT");
    BOOST_TEST(head.fields.all()[2].value == "");
}

BOOST_AUTO_TEST_CASE(obs_text_passes_in_values_that_nobody_reads_here)
{
    BOOST_TEST(
        read_request{with_lines("GET / HTTP/1.1|Host: a|X: \xc3\xa9||")}.result.state ==
        head_state::complete);
}

BOOST_AUTO_TEST_CASE(framing_is_none_without_body_fields)
{
    read_request const got{with_lines("POST / HTTP/1.1|Host: a||")};
    BOOST_TEST(got.head->body == framing::none);
}

BOOST_AUTO_TEST_CASE(the_largest_length_is_that_of_63_bits)
{
    read_request const got{with_lines("POST / HTTP/1.1|Host: a|Content-Length: 9223372036854775807||")};
    BOOST_TEST(got.result.state == head_state::complete);
    BOOST_TEST(got.head->content_length == 9223372036854775807U);
}

BOOST_AUTO_TEST_CASE(chunked_is_read_in_any_case)
{
    read_request const got{
        with_lines("POST / HTTP/1.1|Host: a|transfer-encoding: Chunked|Expect: 100-Continue||")};
    BOOST_TEST(got.head->body == framing::chunked);
    BOOST_TEST(got.head->expects_continue);
}

BOOST_AUTO_TEST_CASE(nobody_waits_for_a_body_that_is_not_to_come)
{
    read_request const got{with_lines("POST / HTTP/1.1|Host: a|Content-Length: 0|Expect: 100-continue||")};
    BOOST_TEST(got.result.state == head_state::complete);
    BOOST_TEST(!got.head->expects_continue);
}

BOOST_AUTO_TEST_CASE(http_1_0_is_answered_and_never_kept_alive)
{
    read_request const got{with_lines("GET / HTTP/1.0|Connection: keep-alive|Expect: x||")};
    BOOST_TEST(got.result.state == head_state::complete);
    BOOST_TEST(got.head->minor_version == 0U);
    BOOST_TEST(!got.head->keep_alive);
    BOOST_TEST(!got.head->expects_continue);
    BOOST_TEST(got.head->host == "");
    BOOST_TEST(read_request{with_lines("GET / HTTP/1.1||")}.result.flaw == head_flaw::host);
}

BOOST_AUTO_TEST_CASE(close_ends_the_connection)
{
    BOOST_TEST(!read_request{with_lines("GET / HTTP/1.1|Host: a|Connection: x, CLOSE||")}.head->keep_alive);
    BOOST_TEST(read_request{with_lines("GET / HTTP/1.1|Host: a|Connection: closed,,||")}.head->keep_alive);
}

BOOST_AUTO_TEST_CASE(a_correct_handshake_is_one)
{
    auto const bytes = with_lines("GET / HTTP/1.1|Host: a|" + std::string{handshake} + "|");
    read_request const got{bytes};
    BOOST_TEST(got.result.state == head_state::complete);
    BOOST_TEST(got.head->websocket);
    BOOST_TEST(got.head->websocket_key == "dGhlIHNhbXBsZSBub25jZQ==");

    auto const with_length =
        with_lines("GET / HTTP/1.1|Host: a|Content-Length: 0|" + std::string{handshake} + "|");
    BOOST_TEST(read_request{with_length}.head->websocket);
}

BOOST_DATA_TEST_CASE(a_handshake_that_is_not_quite_one_is_refused, data::make(broken_handshakes), c)
{
    auto text = "GET / HTTP/1.1|Host: a|" + std::string{handshake} + "|";
    text.replace(text.find(c.what), c.what.size(), c.with);
    read_request const got{with_lines(text)};
    BOOST_TEST(got.result.state == head_state::flawed);
    BOOST_TEST(got.result.flaw == head_flaw::upgrade);
}

BOOST_AUTO_TEST_CASE(a_head_read_after_a_handshake_is_not_one)
{
    auto const head = std::make_unique<request_head>();
    std::size_t scanned = 0;
    auto const first = with_lines("GET / HTTP/1.1|Host: a|" + std::string{handshake} + "|");
    BOOST_TEST(read_request_head(first, {}, scanned, *head).state == head_state::complete);
    scanned = 0;
    auto const second = with_lines("GET / HTTP/1.1|Host: a||");
    BOOST_TEST(read_request_head(second, {}, scanned, *head).state == head_state::complete);
    BOOST_TEST(!head->websocket);
    BOOST_TEST(head->websocket_key.empty());
}

BOOST_AUTO_TEST_CASE(limits_hold_to_the_byte)
{
    auto const bytes = with_lines("GET /abc HTTP/1.1|Host: a|B: c||");
    head_limits exact{bytes.size(), 4, 2};
    BOOST_TEST(read_request(bytes, exact).result.state == head_state::complete);
    auto less = exact;
    less.bytes_max -= 1;
    BOOST_TEST(read_request(bytes, less).result.flaw == head_flaw::too_long);
    BOOST_TEST(
        read_request(bytes.substr(0, less.bytes_max - 1), less).result.state == head_state::incomplete);
    BOOST_TEST(read_request(bytes.substr(0, less.bytes_max), less).result.flaw == head_flaw::too_long);
    less = exact;
    less.target_bytes_max = 3;
    BOOST_TEST(read_request(bytes, less).result.flaw == head_flaw::target_too_long);
    BOOST_TEST(read_request("GET /abc", less).result.flaw == head_flaw::target_too_long);
    less = exact;
    less.fields_max = 1;
    BOOST_TEST(read_request(bytes, less).result.flaw == head_flaw::too_many_fields);
}

BOOST_AUTO_TEST_SUITE_END()
