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

std::string with_lines(std::string_view text)
{
    std::string out;
    for (char const c : text)
        c == '|' ? out += "\r\n" : out += c;
    return out;
}

struct read_response {
    std::unique_ptr<response_head> head = std::make_unique<response_head>();
    head_result result;

    explicit read_response(std::string_view bytes, bool to_head_request = false)
    {
        std::size_t scanned = 0;
        result = read_response_head(bytes, {}, to_head_request, scanned, *head);
    }
};

struct flaw_case {
    std::string_view head; ///< `|` stands for CRLF
    head_flaw flaw;
};

std::ostream& operator<<(std::ostream& out, flaw_case const& c) { return out << c.head; }

constexpr std::array flaws{
    flaw_case{"GET / HTTP/1.1||",                                               head_flaw::status_line},
    flaw_case{" HTTP/1.1 200 OK||",                                             head_flaw::status_line},
    flaw_case{"|HTTP/1.1 200 OK||",                                             head_flaw::status_line},
    flaw_case{"HTTP/1.1200 OK||",                                               head_flaw::status_line},
    flaw_case{"HTTP/1.1  200 OK||",                                             head_flaw::status_line},
    flaw_case{"HTTP/1.1 20 OK||",                                               head_flaw::status_line},
    flaw_case{"HTTP/1.1 2000 OK||",                                             head_flaw::status_line},
    flaw_case{"HTTP/1.1 2x0 OK||",                                              head_flaw::status_line},
    flaw_case{"HTTP/1.1 099 OK||",                                              head_flaw::status_line},
    flaw_case{"HTTP/1.1 600 OK||",                                              head_flaw::status_line},
    flaw_case{"HTTP/1.1 200 O\nK||",                                            head_flaw::status_line},
    flaw_case{"HTTP/1.1 200 O\rK||",                                            head_flaw::status_line},
    flaw_case{"HTTP/1.1 200 O\x1b||",                                           head_flaw::status_line},
    flaw_case{"HTTP/1.1 200 OK\n\n",                                            head_flaw::status_line},
    flaw_case{"HTTP/2 200||",                                                   head_flaw::version    },
    flaw_case{"HTTP/1.2 200||",                                                 head_flaw::version    },
    flaw_case{"HTTP/1.1 200 OK|A: b\n|",                                        head_flaw::field_line },
    flaw_case{"HTTP/1.1 200 OK|A: b| c||",                                      head_flaw::field_line },
    flaw_case{"HTTP/1.1 200 OK|A : b||",                                        head_flaw::field_line },
    flaw_case{"HTTP/1.1 200 OK|Connection: a b||",                              head_flaw::field_line },
    flaw_case{"HTTP/1.1 200 OK|Content-Length: 5|Transfer-Encoding: chunked||", head_flaw::framing    },
    flaw_case{"HTTP/1.1 200 OK|Content-Length: 5|Content-Length: 5||",          head_flaw::framing    },
    flaw_case{"HTTP/1.1 200 OK|Content-Length: 5, 5||",                         head_flaw::framing    },
    flaw_case{"HTTP/1.1 200 OK|Transfer-Encoding: gzip||",                      head_flaw::framing    },
    flaw_case{"HTTP/1.1 204 OK|Transfer-Encoding: gzip||",                      head_flaw::framing    },
    flaw_case{"HTTP/1.0 200 OK|Transfer-Encoding: chunked||",                   head_flaw::framing    },
};

struct body_case {
    std::string_view head;
    bool to_head_request;
    framing body;
    bool keep_alive;
};

std::ostream& operator<<(std::ostream& out, body_case const& c) { return out << c.head; }

constexpr std::array bodies{
    body_case{"HTTP/1.1 200 OK|Content-Length: 5||",                        false, framing::length,      true },
    body_case{"HTTP/1.1 200 OK|Content-Length: 5|Connection: close||",      false, framing::length,      false},
    body_case{"HTTP/1.1 200 OK|Transfer-Encoding: chunked||",               false, framing::chunked,     true },
    body_case{"HTTP/1.1 200 OK||",                                          false, framing::until_close, false},
    body_case{"HTTP/1.0 200 OK|Content-Length: 5|Connection: keep-alive||", false, framing::length,      false},
    body_case{"HTTP/1.1 200 OK|Content-Length: 5||",                        true,  framing::none,        true },
    body_case{"HTTP/1.1 200 OK||",                                          true,  framing::none,        true },
    body_case{"HTTP/1.1 100 Continue||",                                    false, framing::none,        true },
    body_case{"HTTP/1.1 101 Switching Protocols|Upgrade: websocket||",      false, framing::none,        true },
    body_case{"HTTP/1.1 204 No Content||",                                  false, framing::none,        true },
    body_case{"HTTP/1.1 304 Not Modified|Content-Length: 5||",              false, framing::none,        true },
};

} // namespace

BOOST_AUTO_TEST_SUITE(wire_response_head)

BOOST_DATA_TEST_CASE(flaws_are_seen, data::make(flaws), c)
{
    read_response const got{with_lines(c.head)};
    BOOST_TEST(got.result.state == head_state::flawed);
    BOOST_TEST(got.result.flaw == c.flaw);
}

BOOST_DATA_TEST_CASE(the_body_is_framed_by_status_request_and_fields, data::make(bodies), c)
{
    read_response const got{with_lines(c.head), c.to_head_request};
    BOOST_TEST(got.result.state == head_state::complete);
    BOOST_TEST(got.head->body == c.body);
    BOOST_TEST(got.head->keep_alive == c.keep_alive);
}

BOOST_AUTO_TEST_CASE(status_and_reason_are_read)
{
    auto const bytes = with_lines("HTTP/1.1 429 Too  Many\tR\xc3\xa9quests|Content-Length: 7||");
    read_response const got{bytes};
    BOOST_TEST(got.head->status == 429U);
    BOOST_TEST(got.head->reason == "Too  Many\tR\xc3\xa9quests");
    BOOST_TEST(got.head->content_length == 7U);
    BOOST_TEST(got.result.bytes == bytes.size());
}

BOOST_AUTO_TEST_CASE(an_empty_reason_may_lack_its_space)
{
    for (auto const* const text : {"HTTP/1.1 200||", "HTTP/1.1 200 ||"}) {
        auto const bytes = with_lines(text);
        read_response const got{bytes};
        BOOST_TEST(got.result.state == head_state::complete);
        BOOST_TEST(got.head->reason == "");
    }
}

BOOST_AUTO_TEST_SUITE_END()
