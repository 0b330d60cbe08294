#include "gateway/upstream/answer_reader.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace data = boost::unit_test::data;
using gateway::upstream::answer_reader;
using state = answer_reader::state;

namespace {

constexpr std::size_t body_bytes_max = 8;

struct answer_case {
    std::string bytes; ///< `|` stands for CRLF
    state expected;    ///< once the peer has ended its stream
    unsigned status = 0;
    std::string body{};
    friend std::ostream& operator<<(std::ostream& out, answer_case const& c) { return out << c.bytes; }
};

// clang-format off
std::vector<answer_case> const cases{
    {"HTTP/1.1 200 OK|Content-Length: 2||{}",                              state::whole,     200, "{}"      },
    {"HTTP/1.1 200 OK|Content-Length: 2||{}more",                          state::whole,     200, "{}"      },
    {"HTTP/1.1 200 OK|Transfer-Encoding: chunked||1|{|1|}|0||",            state::whole,     200, "{}"      },
    {"HTTP/1.1 200 OK|Transfer-Encoding: chunked||0||",                    state::whole,     200, ""        },
    {"HTTP/1.1 200 OK||{}",                                                state::whole,     200, "{}"      },
    {"HTTP/1.0 401 No||",                                                  state::whole,     401, ""        },
    {"HTTP/1.1 204 No||",                                                  state::whole,     204, ""        },
    {"HTTP/1.1 100 Go||HTTP/1.1 103 Hint|Link: x||HTTP/1.1 204 No||",      state::whole,     204, ""        },
    {"HTTP/1.1 200 OK|Content-Length: 8||12345678",                        state::whole,     200, "12345678"},
    {"HTTP/1.1 200 OK|Content-Length: 9||123456789",                       state::too_large, 200, ""        },
    {"HTTP/1.1 200 OK|Transfer-Encoding: chunked||5|12345|4|6789|0||",     state::too_large, 200, ""        },
    {"HTTP/1.1 200 OK||123456789",                                         state::too_large, 200, ""        },
    {"",                                                                   state::flawed,    0,   ""        },
    {"HTTP/1.1 200 OK|",                                                   state::flawed,    0,   ""        },
    {"HTTP/1.1 100 Go||",                                                  state::flawed,    0,   ""        },
    {"HTTP/1.1 101 Go|Connection: upgrade|Upgrade: x||",                   state::flawed,    0,   ""        },
    {"HTTP/1.1 200 OK|Content-Length: 3||{}",                              state::flawed,    200, ""        },
    {"HTTP/1.1 200 OK|Transfer-Encoding: chunked||2|{}|",                  state::flawed,    200, ""        },
    {"HTTP/1.1 200 OK|Transfer-Encoding: chunked||2|{}x",                  state::flawed,    200, ""        },
    {"HTTP/1.1 200 OK|Content-Length: 1|Content-Length: 2||{}",            state::flawed,    0,   ""        },
    {"HTTP/2 200||",                                                       state::flawed,    0,   ""        },
    {"nonsense||",                                                         state::flawed,    0,   ""        },
};
// clang-format on

std::string with_lines(std::string_view text)
{
    std::string out;
    for (char const c : text)
        c == '|' ? out += "\r\n" : out += c;
    return out;
}

void check(answer_reader& reader, answer_case const& c)
{
    reader.end();
    BOOST_TEST((reader.now() == c.expected));
    if (c.expected != state::flawed || c.status != 0) BOOST_TEST(reader.status() == c.status);
    if (c.expected == state::whole) BOOST_TEST(reader.take_body() == c.body);
}

} // namespace

BOOST_AUTO_TEST_SUITE(answers)

BOOST_DATA_TEST_CASE(the_verdict_is_the_same_however_the_bytes_come, data::make(cases), c)
{
    auto const bytes = with_lines(c.bytes);
    for (std::size_t size = 1; size <= bytes.size() + 1; ++size) {
        answer_reader reader(body_bytes_max);
        for (std::size_t at = 0; at < bytes.size(); at += size) {
            auto piece = bytes.substr(at, size);
            reader.feed(piece);
        }
        check(reader, c);
    }
}

BOOST_AUTO_TEST_CASE(a_head_without_an_end_is_given_up)
{
    answer_reader reader(body_bytes_max);
    std::string head = "HTTP/1.1 200 OK\r\nX: ";
    reader.feed(head);
    std::string more(1024, 'x');
    std::size_t fed = 0;
    while (reader.now() == state::more && fed <= 2 * answer_reader::head_bytes_max) {
        reader.feed(more);
        fed += more.size();
    }
    BOOST_TEST((reader.now() == state::flawed));
    BOOST_TEST(fed <= answer_reader::head_bytes_max + 1024);
}

BOOST_AUTO_TEST_SUITE_END()
