#include "gateway/wire/head.hpp"
#include "tests/gateway/wire/corpus.hpp"
#include "tests/gateway/wire/print.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <random>

namespace data = boost::unit_test::data;
using namespace gateway::wire;
using namespace gateway::wire::test;

namespace {

bool same(head_result const& a, head_result const& b)
{
    return a.state == b.state && a.bytes == b.bytes && (a.state != head_state::flawed || a.flaw == b.flaw);
}

/// One reader of requests or responses that gets more and more of the same bytes.
struct reader {
    bool response = false;
    head_limits limits;
    std::size_t scanned = 0;
    std::unique_ptr<request_head> request = std::make_unique<request_head>();
    std::unique_ptr<response_head> answer = std::make_unique<response_head>();

    head_result read(std::string_view bytes)
    {
        if (response) return read_response_head(bytes, limits, false, scanned, *answer);
        return read_request_head(bytes, limits, scanned, *request);
    }
    head_result read_afresh(std::string_view bytes)
    {
        scanned = 0;
        return read(bytes);
    }
};

/// At every prefix the reader that has seen the shorter ones says what one says that sees it first, and once
/// it is not `incomplete`, it stays so. Long heads are compared at some prefixes only.
void check_every_prefix(std::string_view bytes, bool response, head_limits const& limits)
{
    reader steady{response, limits};
    reader fresh{response, limits};
    head_result last;
    std::size_t const stride = bytes.size() > 2000 ? 211 : 1;
    for (std::size_t size = 1; size <= bytes.size() && last.state == head_state::incomplete; ++size) {
        last = steady.read(bytes.substr(0, size));
        if (size % stride != 0 && last.state == head_state::incomplete) continue;
        BOOST_REQUIRE(same(fresh.read_afresh(bytes.substr(0, size)), last));
    }
    BOOST_REQUIRE(same(fresh.read_afresh(bytes), last));
}

std::string damaged(std::string text, std::mt19937& random)
{
    constexpr std::string_view bytes{"\0\t\n\r :,;/\"aA1-_.\x7f\x80\xff", 20};
    for (auto edits = 1 + random() % 4; edits != 0; --edits) {
        auto const at = random() % text.size();
        switch (random() % 4) {
        case 0:
            text[at] = bytes[random() % bytes.size()];
            break;
        case 1:
            text.insert(at, 1, bytes[random() % bytes.size()]);
            break;
        case 2:
            text.erase(at, 1 + random() % 3);
            break;
        default:
            text.insert(at, text.substr(random() % text.size(), random() % 40));
            break;
        }
        if (text.empty()) text = "x";
    }
    return text;
}

constexpr std::string_view request_seed =
    "GET /tts/websocket?a=b HTTP/1.1\r\nHost: localhost:8443\r\nConnection: keep-alive, Upgrade\r\n"
    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
constexpr std::string_view response_seed =
    "HTTP/1.1 200 OK\r\nDate: x\r\nContent-Length: 5\r\nConnection: close\r\nVia: 1.1 a\r\n\r\n";

} // namespace

BOOST_AUTO_TEST_SUITE(wire_split)

BOOST_DATA_TEST_CASE(every_prefix_of_a_corpus_row_has_one_verdict, data::make(corpus()), row)
{
    check_every_prefix(row.bytes, false, {});
    check_every_prefix(row.bytes, true, {});
}

BOOST_AUTO_TEST_CASE(every_prefix_of_a_damaged_head_has_one_verdict)
{
    std::mt19937 random{9112};
    head_limits const narrow{230, 30, 5};
    int complete = 0;
    for (int round = 0; round < 4000; ++round) {
        bool const response = round % 2 == 1;
        auto const bytes = damaged(std::string{response ? response_seed : request_seed}, random);
        check_every_prefix(bytes, response, round % 3 == 0 ? narrow : head_limits{});
        reader one{response, {}};
        complete += one.read(bytes).state == head_state::complete ? 1 : 0;
    }
    BOOST_TEST(complete > 100);
}

BOOST_AUTO_TEST_SUITE_END()
