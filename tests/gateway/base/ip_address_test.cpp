#include "gateway/base/ip_address.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace gateway;
namespace data = boost::unit_test::data;

namespace {

/// Of a good text.
ip_address at(std::string_view text) { return read_ip_address(text).value(); }

struct spelling {
    char const* given;
    char const* written; ///< null: it is none
};

std::ostream& operator<<(std::ostream& out, spelling const& s) { return out << '"' << s.given << '"'; }

constexpr std::array spellings{
    spelling{"192.0.2.7",            "192.0.2.7"        },
    spelling{"0.0.0.0",              "0.0.0.0"          },
    spelling{"255.255.255.255",      "255.255.255.255"  },
    spelling{"2001:db8::1",          "2001:db8::1"      },
    spelling{"2001:DB8:0:0:0:0:0:1", "2001:db8::1"      },
    spelling{"::",                   "::"               },
    spelling{"::1",                  "::1"              },
    spelling{"::ffff:192.0.2.7",     "192.0.2.7"        },
    spelling{"::ffff:c000:207",      "192.0.2.7"        },
    spelling{"64:ff9b::192.0.2.7",   "64:ff9b::c000:207"},
    spelling{"",                     nullptr            },
    spelling{"192.0.2",              nullptr            },
    spelling{"192.0.2.7.1",          nullptr            },
    spelling{"192.0.2.256",          nullptr            },
    spelling{"192.0.2.07",           nullptr            },
    spelling{"192.0.2.7 ",           nullptr            },
    spelling{" 192.0.2.7",           nullptr            },
    spelling{"0xc0.0.2.7",           nullptr            },
    spelling{"3221225991",           nullptr            },
    spelling{"-1.0.0.0",             nullptr            },
    spelling{"1..2.3",               nullptr            },
    spelling{":",                    nullptr            },
    spelling{":::",                  nullptr            },
    spelling{"1::2::3",              nullptr            },
    spelling{"1:2:3:4:5:6:7",        nullptr            },
    spelling{"1:2:3:4:5:6:7:8:9",    nullptr            },
    spelling{"12345::",              nullptr            },
    spelling{"fe80::1%eth0",         nullptr            },
    spelling{"[::1]",                nullptr            },
    spelling{"::ffff:192.0.2.256",   nullptr            },
    spelling{"localhost",            nullptr            },
};

struct membership {
    char const* first;
    unsigned bits; ///< of 128
    char const* inside;
    char const* outside;
};

std::ostream& operator<<(std::ostream& out, membership const& m) { return out << m.first << '/' << m.bits; }

constexpr std::array memberships{
    membership{"10.0.0.0",   104, "10.255.255.255",   "11.0.0.0"       },
    membership{"10.0.0.0",   104, "::ffff:10.1.2.3",  "9.255.255.255"  },
    membership{"192.0.2.6",  127, "192.0.2.7",        "192.0.2.8"      },
    membership{"192.0.2.7",  128, "192.0.2.7",        "192.0.2.6"      },
    membership{"0.0.0.0",    97,  "127.255.255.255",  "128.0.0.0"      },
    membership{"2001:db8::", 32,  "2001:db8:ffff::1", "2001:db9::"     },
    membership{"2001:db8::", 33,  "2001:db8:7fff::1", "2001:db8:8000::"},
    membership{"::1",        128, "::1",              "::2"            },
    membership{"::",         1,   "::1",              "192.0.2.7"      }, // whose mapped form begins with zeros
    membership{"::",         1,   "7fff::",           "8000::"         },
    membership{"192.0.2.0",  120, "192.0.2.255",      "::c000:2ff"     }, // compatible, which is not mapped
};

} // namespace

BOOST_AUTO_TEST_SUITE(ip_addresses)

BOOST_DATA_TEST_CASE(one_spelling_is_read_and_every_address_has_one_text, data::make(spellings), s)
{
    auto const got = read_ip_address(s.given);
    BOOST_TEST_REQUIRE(got.has_value() == (s.written != nullptr));
    if (!got) return;
    BOOST_TEST(got->text() == s.written);
    BOOST_TEST((at(got->text()) == *got));
    BOOST_TEST(got->is_v4() == (got->text().find(':') == std::string::npos));
}

BOOST_AUTO_TEST_CASE(what_a_text_holds_behind_a_nul_is_not_overlooked)
{
    BOOST_TEST(!read_ip_address(std::string_view("::1\0", 4)).has_value());
    BOOST_TEST(!read_ip_address(std::string_view("192.0.2.7\0.1", 12)).has_value());
    BOOST_TEST(!read_ip_address(std::string(200, '1')).has_value());
}

BOOST_AUTO_TEST_CASE(each_family_has_its_reader)
{
    BOOST_TEST(!read_ipv4("::ffff:192.0.2.7").has_value());
    BOOST_TEST(!read_ipv6("192.0.2.7").has_value());
    BOOST_TEST(read_ipv6("::ffff:192.0.2.7").value().is_v4());
}

BOOST_DATA_TEST_CASE(
    a_network_has_what_begins_alike_and_nothing_of_the_other_family, data::make(memberships), m)
{
    ip_network const network(at(m.first), m.bits);
    BOOST_TEST(network.has(at(m.first)));
    BOOST_TEST(network.has(at(m.inside)));
    BOOST_TEST(!network.has(at(m.outside)));
    std::array const two{ip_network(at("198.51.100.1"), 128), network};
    BOOST_TEST(any_has(two, at(m.inside)));
    BOOST_TEST(!any_has(two, at(m.outside)));
    BOOST_TEST(!any_has({}, at(m.inside)));
}

BOOST_AUTO_TEST_CASE(each_length_has_just_its_bits)
{
    for (unsigned bits = 1; bits <= 128; ++bits) {
        std::array<std::uint8_t, 16> bytes{};
        std::ranges::fill(bytes, std::uint8_t{0x55});
        ip_network const network(ip_address::of_v6(bytes), bits);
        for (unsigned changed = 0; changed < 128; ++changed) {
            auto other = bytes;
            other[changed / 8] = static_cast<std::uint8_t>(other[changed / 8] ^ (0x80U >> changed % 8));
            BOOST_REQUIRE(network.has(ip_address::of_v6(other)) == (changed >= bits));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_network_is_written_as_it_is_read)
{
    BOOST_TEST(ip_network(at("10.1.2.3"), 104).text() == "10.0.0.0/8");
    BOOST_TEST(ip_network(at("10.1.2.3"), 128).text() == "10.1.2.3");
    BOOST_TEST(ip_network(at("2001:db8::1"), 32).text() == "2001:db8::/32");
    BOOST_TEST(ip_network(at("::"), 0).text() == "::/0");
}

BOOST_AUTO_TEST_SUITE_END()
