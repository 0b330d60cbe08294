#include "gateway/relay/handshake.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>
#include <string>

namespace data = boost::unit_test::data;
using namespace gateway;

namespace {

struct switch_case {
    char const* name;
    char const* fields;
    char const* protocols;
    bool accepted;
};

std::ostream& operator<<(std::ostream& out, switch_case const& c) { return out << c.name; }

#define UPGRADE "Upgrade: websocket\r\nConnection: Upgrade\r\n"
#define ACCEPT "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"

switch_case const cases[] = {
    {"the answer asked for",       UPGRADE ACCEPT,                                                     "",                true },
    {"case of the words",          "Upgrade: WebSocket\r\nConnection: keep-alive, upgrade\r\n" ACCEPT, "",                true },
    {"no accept",                  UPGRADE,                                                            "",                false},
    {"accept for another key",     UPGRADE "Sec-WebSocket-Accept: AAAALMBiTxaQ9kYGzzhZRbK+xOo=\r\n",   "",                false},
    {"accept twice",               UPGRADE ACCEPT ACCEPT,                                              "",                false},
    {"no upgrade",                 "Connection: Upgrade\r\n" ACCEPT,                                   "",                false},
    {"another upgrade",            "Upgrade: h2c\r\nConnection: Upgrade\r\n" ACCEPT,                   "",                false},
    {"no connection option",       "Upgrade: websocket\r\nConnection: close\r\n" ACCEPT,               "",                false},
    {"an extension never offered",
     UPGRADE ACCEPT "Sec-WebSocket-Extensions: permessage-deflate\r\n",
     "",                                                                                                                  false},
    {"a protocol never offered",   UPGRADE ACCEPT "Sec-WebSocket-Protocol: chat\r\n",                  "",                false},
    {"an offered protocol",        UPGRADE ACCEPT "Sec-WebSocket-Protocol: chat\r\n",                  "superchat, chat", true },
    {"another protocol",           UPGRADE ACCEPT "Sec-WebSocket-Protocol: chat2\r\n",                 "superchat, chat", false},
    {"two protocols",
     UPGRADE ACCEPT "Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Protocol: chat\r\n",
     "chat",                                                                                                              false},
};

bool accepted(std::string const& fields, std::string_view key, std::string_view protocols)
{
    wire::response_head head;
    std::size_t scanned = 0;
    auto const text = "HTTP/1.1 101 Switching Protocols\r\n" + fields + "\r\n";
    auto const read = wire::read_response_head(text, {}, false, scanned, head);
    return read.state == wire::head_state::complete && relay::is_switch_we_asked_for(head, key, protocols);
}

} // namespace

BOOST_AUTO_TEST_SUITE(upstream_handshake)

BOOST_DATA_TEST_CASE(only_the_answer_to_our_handshake_switches, data::make(cases), c)
{
    BOOST_TEST(accepted(c.fields, "dGhlIHNhbXBsZSBub25jZQ==", c.protocols) == c.accepted);
}

BOOST_AUTO_TEST_CASE(a_101_to_a_plain_request_is_no_answer) { BOOST_TEST(!accepted(UPGRADE ACCEPT, "", "")); }

BOOST_AUTO_TEST_SUITE_END()
