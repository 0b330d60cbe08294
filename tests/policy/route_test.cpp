#include "policy/route.hpp"

#include "policy/route_rows.hpp"
#include "tests/policy/samples.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <stdexcept>
#include <string>

namespace data = boost::unit_test::data;
using policy::denial;
using policy::grant;
using policy::method;
using policy::method_set;
using policy::transport;

BOOST_AUTO_TEST_SUITE(routes)

namespace {

constexpr auto http = transport::http;
constexpr auto websocket = transport::websocket;

struct served {
    method verb = method::get;
    std::string_view path;
    transport over = http;
    std::string_view row;
    grant needs = grant::tts;
    friend std::ostream& operator<<(std::ostream& out, served const& s)
    {
        return out << s.verb << ' ' << s.path;
    }
};

constexpr std::array all_served{
    served{method::post, "/tts/bytes",             http,      "/tts/bytes",                      grant::tts  },
    served{method::post, "/tts/sse",               http,      "/tts/sse",                        grant::tts  },
    served{method::post, "/tts/infill",            http,      "/tts/{name}",                     grant::tts  },
    served{method::get,  "/tts/websocket",         websocket, "/tts/websocket",                  grant::tts  },
    served{method::post, "/stt",                   http,      "/stt",                            grant::stt  },
    served{method::post, "/stt/batch",             http,      "/stt/{name}",                     grant::stt  },
    served{method::post, "/stt/turns",             http,      "/stt/{name}",                     grant::stt  },
    served{method::post, "/audio/transcriptions",  http,      "/audio/transcriptions",           grant::stt  },
    served{method::get,  "/stt/websocket",         websocket, "/stt/websocket",                  grant::stt  },
    served{method::get,  "/stt/turns/websocket",   websocket, "/stt/turns/websocket",            grant::stt  },
    served{method::get,  "/agents/stream/agent_1", websocket, "/agents/stream/{agent_id}",       grant::agent},
    served{method::get,  "/v1/agents/websocket/a", websocket, "/v1/agents/websocket/{agent_id}", grant::agent},
};

struct unserved {
    method verb = method::get;
    std::string_view path;
    transport over = http;
    denial why = denial::no_route;
    friend std::ostream& operator<<(std::ostream& out, unserved const& s)
    {
        return out << s.verb << ' ' << s.path << ' ' << s.over;
    }
};

constexpr std::array all_unserved{
    unserved{method::post,    "/",                               http,      denial::no_route           },
    unserved{method::post,    "/tts",                            http,      denial::no_route           },
    unserved{method::post,    "/TTS/bytes",                      http,      denial::no_route           },
    unserved{method::post,    "/tts/a.b",                        http,      denial::no_route           },
    unserved{method::post,    "/tts/bytes/x",                    http,      denial::no_route           },
    unserved{method::get,     "/voices",                         http,      denial::no_route           },
    unserved{method::post,    "/access-token",                   http,      denial::no_route           },
    unserved{method::post,    "/v1/agents/websocket/a/sessions", http,      denial::no_route           },
    unserved{method::get,     "/v1/agents/websocket/a/sessions", websocket, denial::no_route           },
    unserved{method::get,     "/agents/stream",                  websocket, denial::no_route           },
    unserved{method::get,     "/agents/calls",                   websocket, denial::no_route           },
    unserved{method::get,     "/tts/bytes",                      http,      denial::method_not_allowed },
    unserved{method::get,     "/tts/bytes",                      websocket, denial::method_not_allowed },
    unserved{method::post,    "/tts/websocket",                  http,      denial::method_not_allowed },
    unserved{method::post,    "/tts/websocket",                  websocket, denial::method_not_allowed },
    unserved{method::head,    "/tts/bytes",                      http,      denial::method_not_allowed },
    unserved{method::options, "/stt",                            http,      denial::method_not_allowed },
    unserved{method::other,   "/tts/bytes",                      http,      denial::method_not_allowed },
    unserved{method::del,     "/tts/infill",                     http,      denial::method_not_allowed },
    unserved{method::post,    "/agents/stream/a",                http,      denial::method_not_allowed },
    unserved{method::get,     "/tts/websocket",                  http,      denial::upgrade_required   },
    unserved{method::get,     "/stt/turns/websocket",            http,      denial::upgrade_required   },
    unserved{method::get,     "/agents/stream/a",                http,      denial::upgrade_required   },
    unserved{method::post,    "/tts/bytes",                      websocket, denial::upgrade_not_allowed},
    unserved{method::post,    "/stt/batch",                      websocket, denial::upgrade_not_allowed},
};

policy::route_table const built_in;

policy::route const& row_at(policy::route_table const& table, method m, std::string_view path, transport over)
{
    auto const row = table.find(m, path, over);
    BOOST_REQUIRE(row.has_value());
    return **row;
}

bool says(std::invalid_argument const& e, std::string_view text)
{
    BOOST_TEST_MESSAGE(e.what());
    return std::string_view(e.what()).find(text) != std::string_view::npos;
}

struct bad_row {
    method_set methods;
    std::string path;
    transport over = http;
    std::string_view says;
    friend std::ostream& operator<<(std::ostream& out, bad_row const& r) { return out << r.path; }
};

std::vector<bad_row> const bad_rows{
    {{method::get},                  "/a//b",           http,      "/a//b: has an empty segment"             },
    {{},                             "/a",              http,      "/a: has no method"                       },
    {{method::other},                "/a",              http,      "/a: has no method"                       },
    {{method::post},                 "/a",              websocket, "GET only"                                },
    {{method::get, method::options}, "/a",              websocket, "GET only"                                },
    {{method::post},                 "/tts/bytes",      http,      "/tts/bytes already serves"               },
    {{method::get, method::post},    "/stt",            http,      "/stt already serves"                     },
    {{method::post},                 "/tts/{other}",    http,      "/tts/{name} already serves"              },
    {{method::get},                  "/agents/{x}/{y}", websocket, "/agents/stream/{agent_id} already serves"},
};

} // namespace

BOOST_DATA_TEST_CASE(a_row_serves, data::make(all_served), s)
{
    auto const row = built_in.find(s.verb, s.path, s.over);
    BOOST_REQUIRE(row.has_value());
    BOOST_TEST((*row)->path == s.row);
    BOOST_TEST(((*row)->needs == s.needs));
}

BOOST_AUTO_TEST_CASE(every_built_in_row_is_tested)
{
    for (auto const& row : policy::route_rows::built_in)
        BOOST_TEST(std::ranges::count(all_served, row.path, &served::row) > 0, row.path);
}

BOOST_DATA_TEST_CASE(no_row_serves, data::make(all_unserved), u)
{
    auto const row = built_in.find(u.verb, u.path, u.over);
    BOOST_REQUIRE(row.has_error());
    BOOST_TEST(row.error() == u.why);
}

BOOST_AUTO_TEST_CASE(allowed_methods_are_those_of_the_rows_that_count)
{
    auto const is = [](std::string_view path, method_set expected) {
        auto const allowed = built_in.allowed_at(path);
        for (auto m :
             {method::get,
              method::head,
              method::post,
              method::put,
              method::patch,
              method::del,
              method::options})
            BOOST_TEST(allowed.has(m) == expected.has(m), path << ' ' << m);
    };
    is("/tts/bytes", {method::post});
    is("/tts/infill", {method::post});
    is("/tts/websocket", {method::get}); // not POST, although `/tts/{name}` would fit
    is("/agents/stream/a", {method::get});
    is("/voices", {});
}

BOOST_AUTO_TEST_CASE(rows_can_be_added)
{
    policy::route_table const table{
        {
         {{method::get, method::head}, "/voices", http, grant::tts},
         {{method::get}, "/voices/{id}", http, grant::tts},
         {{method::get}, "/tts/bytes", websocket, grant::agent},
         {{method::put}, "/stt/special", http, grant::agent},
         }
    };
    BOOST_TEST(table.rows().size() == policy::route_rows::built_in.size() + 4);
    BOOST_TEST((row_at(table, method::head, "/voices", http).path == "/voices"));
    BOOST_TEST((row_at(table, method::get, "/voices/v1", http).path == "/voices/{id}"));
    BOOST_TEST(table.find(method::head, "/voices/v1", http).error() == denial::method_not_allowed);
    BOOST_TEST((row_at(table, method::get, "/tts/bytes", websocket).needs == grant::agent));
    BOOST_TEST((row_at(table, method::post, "/tts/bytes", http).needs == grant::tts));
    BOOST_TEST(table.find(method::post, "/tts/bytes", websocket).error() == denial::upgrade_not_allowed);
    BOOST_TEST(table.find(method::get, "/tts/bytes", http).error() == denial::upgrade_required);
    // A literal row takes its path out of the rows with a {name}.
    BOOST_TEST((row_at(table, method::put, "/stt/special", http).needs == grant::agent));
    BOOST_TEST(table.find(method::post, "/stt/special", http).error() == denial::method_not_allowed);
}

BOOST_AUTO_TEST_CASE(two_methods_at_one_path_leave_the_better_reason)
{
    policy::route_table const table{
        {
         {{method::put}, "/a", http, grant::tts},
         {{method::get}, "/a", websocket, grant::tts},
         {{method::post}, "/a", http, grant::tts},
         }
    };
    BOOST_TEST(table.find(method::get, "/a", http).error() == denial::upgrade_required);
    BOOST_TEST(table.find(method::patch, "/a", http).error() == denial::method_not_allowed);
}

BOOST_DATA_TEST_CASE(a_bad_row_is_refused_in_plain_words, data::make(bad_rows), r)
{
    auto const add = [&] { policy::route_table const table{{{r.methods, r.path, r.over, grant::tts}}}; };
    BOOST_CHECK_EXCEPTION(add(), std::invalid_argument, [&](auto const& e) { return says(e, r.says); });
}

BOOST_AUTO_TEST_CASE(two_added_rows_must_not_serve_one_request)
{
    auto const add = [] {
        policy::route_table const table{
            {
             {{method::get}, "/a/{x}", http, grant::tts},
             {{method::get}, "/{x}/b", http, grant::stt},
             }
        };
    };
    BOOST_CHECK_EXCEPTION(
        add(), std::invalid_argument, [](auto const& e) { return says(e, "/a/{x} already"); });
}

BOOST_AUTO_TEST_CASE(a_flawed_template_is_explained)
{
    BOOST_TEST(!policy::flaw_in_path_template("/a/{b}").has_value());
    BOOST_TEST(policy::flaw_in_path_template("/a/").value() == "has an empty segment");
}

BOOST_AUTO_TEST_CASE(method_names_lead_back)
{
    for (auto m :
         {method::get, method::head, method::post, method::put, method::patch, method::del, method::options})
        BOOST_TEST(policy::read_method(policy::name(m)) == m);
    for (auto text : {"", "get", "Get", "GET ", "CONNECT", "TRACE", "PRI", "POSTS"})
        BOOST_TEST(policy::read_method(text) == method::other);
    BOOST_TEST(policy::name(method::other) == "");
}

BOOST_AUTO_TEST_CASE(a_method_set_never_has_other)
{
    method_set const set{method::get, method::other};
    BOOST_TEST(set.has(method::get));
    BOOST_TEST(!set.has(method::other));
    BOOST_TEST(!set.has(method::post));
    BOOST_TEST(!set.empty());
    BOOST_TEST(method_set{}.empty());
}

BOOST_AUTO_TEST_SUITE_END()
