#include "gateway/wire/forwarded.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace gateway;
using namespace gateway::wire;
namespace data = boost::unit_test::data;

namespace {

using told = forwarded_hop::told;

std::vector<field> lines_of(std::vector<std::string> const& lines)
{
    std::vector<field> out;
    for (auto const& line : lines) {
        auto const colon = line.find(':');
        auto const name = std::string_view(line).substr(0, colon);
        auto const begin = line.find_first_not_of(' ', colon + 1);
        out.push_back(
            {name, std::string_view(line).substr(std::min(begin, line.size())), read_field_name(name)});
    }
    return out;
}

/// `1.2.3.4`, `hidden`, `nothing` or `flawed`, with `!` behind what came in clear.
std::string name_of(forwarded_hop const& hop)
{
    std::string const mark = hop.in_clear ? "!" : "";
    switch (hop.what) {
    case told::address:
        return hop.from.text() + mark;
    case told::hidden:
        return "hidden" + mark;
    case told::nothing:
        return "nothing" + mark;
    case told::flawed:
        break;
    }
    return "flawed";
}

/// All hops, the nearest first, up to one that is flawed.
std::string hops_in(std::vector<std::string> const& lines, forwarding_field which)
{
    auto const fields = lines_of(lines);
    forwarded_hops hops(fields, which);
    std::string out;
    for (auto hop = hops.next(); hop; hop = hops.next()) {
        out.append(out.empty() ? "" : " ").append(name_of(*hop));
        if (hop->what == told::flawed) break;
    }
    return out;
}

struct row {
    char const* value;
    char const* hops;
};

std::ostream& operator<<(std::ostream& out, row const& r) { return out << r.value; }

constexpr std::array x_forwarded_for{
    row{"192.0.2.7",                           "192.0.2.7"                     },
    row{"2001:db8::7",                         "2001:db8::7"                   },
    row{"[2001:db8::7]",                       "2001:db8::7"                   },
    row{"[2001:db8::7]:4711",                  "2001:db8::7"                   },
    row{"192.0.2.7:4711",                      "192.0.2.7"                     },
    row{"::ffff:192.0.2.7",                    "192.0.2.7"                     },
    row{"10.0.0.1, 192.0.2.7",                 "192.0.2.7 10.0.0.1"            },
    row{"10.0.0.1,192.0.2.7 \t,\t2001:db8::7", "2001:db8::7 192.0.2.7 10.0.0.1"},
    row{"",                                    ""                              },
    row{" , ,,",                               ""                              },
    row{", 192.0.2.7,",                        "192.0.2.7"                     },
    row{"unknown",                             "hidden"                        },
    row{"Unknown, 10.0.0.1",                   "10.0.0.1 hidden"               },
    row{"_secret",                             "hidden"                        },
    row{"<script>, 192.0.2.7",                 "192.0.2.7 flawed"              },
    row{"\", 192.0.2.7",                       "192.0.2.7 flawed"              },
    row{"192.0.2.7, nonsense",                 "flawed"                        },
    row{"192.0.2.7 10.0.0.1",                  "flawed"                        },
    row{"\"192.0.2.7\"",                       "flawed"                        },
    row{"for=192.0.2.7",                       "flawed"                        },
    row{"192.0.2.7:",                          "flawed"                        },
    row{"192.0.2.7:123456",                    "flawed"                        },
    row{"192.0.2.7:x",                         "flawed"                        },
    row{"192.0.2.256",                         "flawed"                        },
    row{"192.0.2.7/32",                        "flawed"                        },
    row{"2001:db8::7::1",                      "flawed"                        },
    row{"[2001:db8::7",                        "flawed"                        },
    row{"2001:db8::7]",                        "flawed"                        },
    row{"[2001:db8::7]4711",                   "flawed"                        },
    row{"[192.0.2.7]",                         "flawed"                        },
    row{"[]",                                  "flawed"                        },
    row{"_",                                   "flawed"                        },
    row{"_a b",                                "flawed"                        },
    row{"localhost",                           "flawed"                        },
};

constexpr std::array forwarded{
    row{"for=192.0.2.7",                                               "192.0.2.7"                   },
    row{"For=192.0.2.7;PROTO=https;by=10.0.0.1",                       "192.0.2.7"                   },
    row{"for=\"192.0.2.7\"",                                           "192.0.2.7"                   },
    row{"for=\"192.0.2.7:4711\"",                                      "192.0.2.7"                   },
    row{"for=\"192.0.2.7:_port\"",                                     "192.0.2.7"                   },
    row{"for=\"[2001:db8:cafe::17]:4711\"",                            "2001:db8:cafe::17"           },
    row{"for=\"[2001:db8:cafe::17]\"",                                 "2001:db8:cafe::17"           },
    row{"for=192.0.2.43, for=\"[2001:db8:cafe::17]\"",                 "2001:db8:cafe::17 192.0.2.43"},
    row{"for=192.0.2.43,for=198.51.100.17;by=203.0.113.60;proto=http", "198.51.100.17! 192.0.2.43"   },
    row{"by=10.0.0.1 ; for=192.0.2.7 ;\tproto=wss",                    "192.0.2.7"                   },
    row{"for=192.0.2.7;proto=ws",                                      "192.0.2.7!"                  },
    row{"for=192.0.2.7;proto=\"HTTPS\"",                               "192.0.2.7"                   },
    row{"for=192.0.2.7;proto=h2c",                                     "192.0.2.7!"                  },
    row{"proto=http",                                                  "nothing!"                    },
    row{"host=\"a.example:8443\";by=_x",                               "nothing"                     },
    row{";;for=192.0.2.7;;",                                           "192.0.2.7"                   },
    row{", for=192.0.2.7 ,,",                                          "192.0.2.7"                   },
    row{"",                                                            ""                            },
    row{"for=unknown",                                                 "hidden"                      },
    row{"for=\"unknown\"",                                             "hidden"                      },
    row{"for=_gazonk;proto=http",                                      "hidden!"                     },
    row{"for=\"_SEVKISEK:80\"",                                        "hidden"                      },
    row{"ext=\"a,b;c=\\\"d,for=1.1.1.1\";for=192.0.2.7",               "192.0.2.7"                   },
    row{"host=\"for=1.1.1.1, \";for=192.0.2.7, proto=https",           "nothing 192.0.2.7"           },
    row{"for=nonsense, for=192.0.2.7",                                 "192.0.2.7 flawed"            },
    row{"for=\"[\", for=192.0.2.7",                                    "192.0.2.7 flawed"            },
    row{"for=192.0.2.7;for=192.0.2.8",                                 "flawed"                      },
    row{"proto=https;for=192.0.2.7;proto=https",                       "flawed"                      },
    row{"for=192.0.2.7:4711",                                          "flawed"                      }, // not quoted
    row{"for=[2001:db8::7]",                                           "flawed"                      },
    row{"for=\"2001:db8::7\"",                                         "flawed"                      }, // not in brackets
    row{"for=\"192\\.0.2.7\"",                                         "flawed"                      },
    row{"for=",                                                        "flawed"                      },
    row{"for",                                                         "flawed"                      },
    row{"for=\"\"",                                                    "flawed"                      },
    row{"for= 192.0.2.7",                                              "flawed"                      },
    row{"for=192.0.2.7\"\"",                                           "flawed"                      },
    row{"for=\"192.0.2.7\"x",                                          "flawed"                      },
    row{"for=192.0.2.7;proto=",                                        "flawed"                      },
    row{"for=\"192.0.2.7",                                             "flawed"                      },
    row{"for=\"192.0.2.7\\\"",                                         "flawed"                      },
 // what a client wrote cannot swallow what a proxy wrote behind it
    row{"for=\", for=192.0.2.7",                                       "flawed"                      },
    row{"for=\"\\, for=192.0.2.7",                                     "flawed"                      },
    row{"for=\"1.1.1.1, for=\"192.0.2.7\"",                            "flawed"                      },
    row{"for=\"1.1.1.1, for=\"192.0.2.7\";by=\"10.0.0.1\"",            "flawed"                      },
};

} // namespace

BOOST_AUTO_TEST_SUITE(forwarding_fields)

BOOST_DATA_TEST_CASE(each_x_forwarded_for_has_its_hops, data::make(x_forwarded_for), r)
{
    BOOST_TEST(
        hops_in({std::string("X-Forwarded-For: ") + r.value}, forwarding_field::x_forwarded_for) == r.hops);
}

BOOST_DATA_TEST_CASE(each_forwarded_has_its_hops, data::make(forwarded), r)
{
    BOOST_TEST(hops_in({std::string("Forwarded: ") + r.value}, forwarding_field::forwarded) == r.hops);
}

BOOST_AUTO_TEST_CASE(lines_are_one_list_in_their_order)
{
    std::vector<std::string> const lines{
        "x-forwarded-for: 192.0.2.1, 192.0.2.2",
        "Forwarded: for=198.51.100.1",
        "X-Forwarded-Foreign: 192.0.2.9",
        "X-FORWARDED-FOR: 192.0.2.3",
        "X-Forwarded-For:",
        "X_Forwarded_For: 192.0.2.9",
        "FORWARDED: for=198.51.100.2, for=198.51.100.3"};
    BOOST_TEST(hops_in(lines, forwarding_field::x_forwarded_for) == "192.0.2.3 192.0.2.2 192.0.2.1");
    BOOST_TEST(hops_in(lines, forwarding_field::forwarded) == "198.51.100.3 198.51.100.2 198.51.100.1");
    BOOST_TEST(hops_in({}, forwarding_field::forwarded) == "");
}

BOOST_AUTO_TEST_CASE(a_line_that_cannot_be_divided_hides_no_later_one)
{
    BOOST_TEST(
        hops_in({"Forwarded: for=\"1.1.1.1", "Forwarded: for=192.0.2.7"}, forwarding_field::forwarded) ==
        "192.0.2.7 flawed");
}

BOOST_AUTO_TEST_CASE(one_hop_in_clear_is_enough)
{
    auto const in_clear = [](std::vector<std::string> const& lines) {
        return forwarded_in_clear(lines_of(lines));
    };
    for (auto const* good : {"https", "HTTPS", "wss", "https, https", "https,wss", ""})
        BOOST_TEST(!in_clear({std::string("X-Forwarded-Proto: ") + good}), good);
    for (auto const* bad :
         {"http", "HTTP", "ws", "https, http", "http, https", "https https", "on", "$scheme"})
        BOOST_TEST(in_clear({std::string("X-Forwarded-Proto: ") + bad}), bad);
    BOOST_TEST(in_clear({"X-Forwarded-Proto: https", "x-forwarded-proto: http"}));
    BOOST_TEST(in_clear({"X-Forwarded-Proto: http", "x-forwarded-proto: https"}));
    BOOST_TEST(!in_clear({"X-Forwarded-Protocol: http", "X-Forwarded: http"}));
}

BOOST_AUTO_TEST_SUITE_END()
