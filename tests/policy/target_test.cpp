#include "policy/target.hpp"

#include "tests/policy/samples.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <string>

namespace data = boost::unit_test::data;
using policy::denial;

BOOST_AUTO_TEST_SUITE(target)

namespace {

struct canonical {
    std::string_view raw;
    std::string_view path;
    std::string_view query;
    bool has_query = false;
    friend std::ostream& operator<<(std::ostream& out, canonical const& c) { return out << c.raw; }
};

constexpr std::array canonicals{
    canonical{"/",                          "/",              "",                        false},
    canonical{"/?",                         "/",              "",                        true },
    canonical{"/tts/bytes",                 "/tts/bytes",     "",                        false},
    canonical{"/tts/bytes?",                "/tts/bytes",     "",                        true },
    canonical{"/tts/bytes??",               "/tts/bytes",     "?",                       true },
    canonical{"/a?b=/../c;d%2f{}|\\^`\"<>", "/a",             "b=/../c;d%2f{}|\\^`\"<>", true },
    canonical{"/...",                       "/...",           "",                        false},
    canonical{"/.a/a./..a/a..",             "/.a/a./..a/a..", "",                        false},
    canonical{"/A-Z_a-z.0~9",               "/A-Z_a-z.0~9",   "",                        false},
};

struct dropping {
    std::string_view raw;
    std::string_view forwarded;
    friend std::ostream& operator<<(std::ostream& out, dropping const& d) { return out << d.raw; }
};

constexpr std::array droppings{
    dropping{"/p",                                            "/p"                                    },
    dropping{"/p?",                                           "/p?"                                   },
    dropping{"/p??",                                          "/p??"                                  },
    dropping{"/p?a",                                          "/p?a"                                  },
    dropping{"/p?a&&b&",                                      "/p?a&&b&"                              },
    dropping{"/p?&",                                          "/p?&"                                  },
    dropping{"/p?keyterm=a%20b&keyterm=a+b&keyterm=c",        "/p?keyterm=a%20b&keyterm=a+b&keyterm=c"},
    dropping{"/p?access_token=t",                             "/p"                                    },
    dropping{"/p?api_key=t",                                  "/p"                                    },
    dropping{"/p?access_token",                               "/p"                                    },
    dropping{"/p?access_token=",                              "/p"                                    },
    dropping{"/p?access_token=a=b=c",                         "/p"                                    },
    dropping{"/p?access_token=t&api_key=t",                   "/p"                                    },
    dropping{"/p?access_token=t&",                            "/p"                                    },
    dropping{"/p?&&access_token=t&",                          "/p"                                    },
    dropping{"/p?access_token=t&a=1",                         "/p?a=1"                                },
    dropping{"/p?a=1&access_token=t",                         "/p?a=1"                                },
    dropping{"/p?b=2&access_token=t&a=1&api_key=u&c=%33",     "/p?b=2&a=1&c=%33"                      },
    dropping{"/p?a&&access_token=t&b",                        "/p?a&&b"                               },
    dropping{"/p?access_token=t&&a",                          "/p?&a"                                 },
    dropping{"/p?%61ccess_token=t&a=1",                       "/p?a=1"                                },
    dropping{"/p?a=1&%61%63%63%65%73%73%5f%74%6F%6B%65%6E=t", "/p?a=1"                                },
    dropping{"/p?api%5Fkey=t&a=1",                            "/p?a=1"                                },
    dropping{"/p?%2561ccess_token=t",                         "/p?%2561ccess_token=t"                 },
    dropping{"/p?access+token=t",                             "/p?access+token=t"                     },
    dropping{"/p?access_tokens=t&xaccess_token=t",            "/p?access_tokens=t&xaccess_token=t"    },
    dropping{"/p?Access_Token=t",                             "/p?Access_Token=t"                     },
    dropping{"/p?access_token%=t",                            "/p?access_token%=t"                    },
    dropping{"/p?access_toke%=t",                             "/p?access_toke%=t"                     },
    dropping{"/p?access_toke%6=t",                            "/p?access_toke%6=t"                    },
    dropping{"/p?%g1ccess_token=t&%6gccess_token=t",          "/p?%g1ccess_token=t&%6gccess_token=t"  },
    dropping{"/p?%/1ccess_token=t&%6/ccess_token=t",          "/p?%/1ccess_token=t&%6/ccess_token=t"  },
    dropping{"/p?%6Gccess_token=t&%@1ccess_token=t",          "/p?%6Gccess_token=t&%@1ccess_token=t"  },
    dropping{"/p?x=access_token=t",                           "/p?x=access_token=t"                   },
    dropping{"/p?a=1;access_token=t",                         "/p?a=1;access_token=t"                 },
};

} // namespace

BOOST_DATA_TEST_CASE(a_canonical_target_is_taken_apart, data::make(canonicals), c)
{
    auto const got = policy::read_target(c.raw);
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(got->path == c.path);
    BOOST_TEST(got->query == c.query);
    BOOST_TEST(got->has_query == c.has_query);
}

BOOST_DATA_TEST_CASE(
    a_target_that_is_not_canonical_is_refused,
    data::make({"",        "*",           "a",          "tts/bytes",   "?a",      "#",
                "//",      "/a/",         "/a//b",      "//a",         "/.",      "/..",
                "/./a",    "/a/.",        "/a/..",      "/a/./b",      "/a/../b", "/../",
                "/a/.?x",  "/a/?x",       "/a#",        "/a?#",        "/a?b#c",  "/%61",
                "/a%2fb",  "/a;b",        "/a\\b",      "/a b",        "/a?b c",  "/a?\t",
                "/a?\x7f", "/a?\xc3\xa4", "http://h/a", "https://h/a", "h:443",   "/a\x80"}),
    raw)
{
    auto const got = policy::read_target(raw);
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST(got.error() == denial::target_not_canonical);
}

BOOST_AUTO_TEST_CASE(every_byte_is_judged_in_path_and_query)
{
    constexpr std::string_view in_path =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    for (int byte = 0; byte < 256; ++byte) {
        auto const c = static_cast<char>(byte);
        auto const path = std::string("/a") + c + "b";
        auto const query = std::string("/a?x") + c + "b";
        bool const path_passes =
            in_path.find(c) != std::string_view::npos || c == '?'; // which begins the query
        BOOST_TEST(policy::read_target(path).has_value() == path_passes, "byte " << byte);
        BOOST_TEST(
            policy::read_target(query).has_value() == (byte > 0x20 && byte < 0x7f && c != '#'),
            "byte " << byte);
    }
}

BOOST_AUTO_TEST_CASE(a_target_has_a_longest_length)
{
    std::string raw = "/" + std::string(policy::target_bytes_max - 1, 'a');
    BOOST_TEST(policy::read_target(raw).has_value());
    raw += 'a';
    BOOST_TEST(policy::read_target(raw).error() == denial::target_too_long);
}

BOOST_DATA_TEST_CASE(credentials_leave_the_query_and_the_rest_stays, data::make(droppings), d)
{
    auto const read = policy::read_target(d.raw);
    BOOST_REQUIRE(read.has_value());
    std::string out = "GET ";
    policy::append_without_credentials(out, *read);
    BOOST_TEST(out == "GET " + std::string(d.forwarded));
}

namespace {

struct query_token {
    std::string_view query;
    std::string_view token; ///< empty: none
    friend std::ostream& operator<<(std::ostream& out, query_token const& q) { return out << q.query; }
};

constexpr std::array query_tokens{
    query_token{"",                              ""   },
    query_token{"a=1&b",                         ""   },
    query_token{"access_token",                  ""   },
    query_token{"access_token=",                 ""   },
    query_token{"access_token=&api_key=t",       "t"  },
    query_token{"access_token=t",                "t"  },
    query_token{"api_key=t",                     "t"  },
    query_token{"a=1&access_token=t&b=2",        "t"  },
    query_token{"access_token=t&access_token=t", "t"  },
    query_token{"access_token=t&api_key=t",      "t"  },
    query_token{"%61pi_key=t",                   "t"  },
    query_token{"access_token=a=b",              "a=b"},
    query_token{"access_token=%74",              "%74"},
    query_token{"xaccess_token=t",               ""   },
};

} // namespace

BOOST_DATA_TEST_CASE(a_token_is_found_in_the_query, data::make(query_tokens), q)
{
    auto const got = policy::find_query_token(q.query);
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(got->value_or("") == q.token);
    BOOST_TEST(got->has_value() == !q.token.empty());
}

BOOST_DATA_TEST_CASE(
    two_tokens_in_the_query_are_no_choice,
    data::make(
        {"access_token=t&access_token=u",
         "access_token=t&api_key=u",
         "api_key=u&%61ccess_token=t",
         "access_token=t&access_token=t&api_key=T"}),
    query)
{
    BOOST_TEST(policy::find_query_token(query).error() == denial::conflicting_credentials);
}

BOOST_AUTO_TEST_CASE(a_value_is_found_by_its_name)
{
    constexpr std::string_view query = "&a=1&cartesia_version=2026-03-01&cartesia_version=x&%62=%33&c";
    BOOST_TEST(policy::find_query_value(query, "cartesia_version").value() == "2026-03-01");
    BOOST_TEST(policy::find_query_value(query, "b").value() == "%33");
    BOOST_TEST(policy::find_query_value(query, "c").value() == "");
    BOOST_TEST(!policy::find_query_value(query, "d"));
    BOOST_TEST(!policy::find_query_value(query, "")); // `&&` is no pair without a name
    BOOST_TEST(!policy::find_query_value("", "a"));
}

BOOST_AUTO_TEST_SUITE_END()
