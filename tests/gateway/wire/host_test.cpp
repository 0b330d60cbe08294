#include "gateway/wire/host.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <ostream>
#include <string>

namespace data = boost::unit_test::data;

namespace {

struct host_case {
    std::string_view text;
    bool accepted;
};

std::ostream& operator<<(std::ostream& out, host_case const& c) { return out << '"' << c.text << '"'; }

constexpr std::array cases{
    host_case{"localhost",                                           true },
    host_case{"LocalHost",                                           true },
    host_case{"api.example.com:443",                                 true },
    host_case{"a_b.internal:1",                                      true },
    host_case{"127.0.0.1:65535",                                     true },
    host_case{"[::1]",                                               true },
    host_case{"[2001:db8::1]:8443",                                  true },
    host_case{"[::ffff:1.2.3.4]",                                    true },
    host_case{"",                                                    false},
    host_case{":443",                                                false},
    host_case{"a:",                                                  false},
    host_case{"a:0",                                                 false},
    host_case{"a:0443",                                              false},
    host_case{"a:65536",                                             false},
    host_case{"a:99999",                                             false},
    host_case{"a:100000",                                            false},
    host_case{"a:44x",                                               false},
    host_case{"a:+44",                                               false},
    host_case{"a:1:2",                                               false},
    host_case{"a b",                                                 false},
    host_case{"a,b",                                                 false},
    host_case{"a/b",                                                 false},
    host_case{"a?b",                                                 false},
    host_case{"a#b",                                                 false},
    host_case{"u@a",                                                 false},
    host_case{"a%41",                                                false},
    host_case{"\xc3\xa9",                                            false},
    host_case{"::1",                                                 false},
    host_case{"[]",                                                  false},
    host_case{"[::1",                                                false},
    host_case{"[::1]x",                                              false},
    host_case{"[::1]:",                                              false},
    host_case{"[fe80::1%25eth0]",                                    false},
    host_case{"[v1.x]",                                              false},
    host_case{"[1.2.3.4]",                                           false},
    host_case{"[0000:0000:0000:0000:0000:0000:0000:00000000000001]", false},
};

} // namespace

BOOST_AUTO_TEST_SUITE(wire_host)

BOOST_DATA_TEST_CASE(only_a_host_and_port_is_one, data::make(cases), c)
{
    BOOST_TEST(gateway::wire::is_host_and_port(c.text) == c.accepted);
}

BOOST_AUTO_TEST_CASE(a_host_has_at_most_255_bytes)
{
    BOOST_TEST(gateway::wire::is_host_and_port(std::string(255, 'a') + ":443"));
    BOOST_TEST(!gateway::wire::is_host_and_port(std::string(256, 'a')));
}

BOOST_AUTO_TEST_SUITE_END()
