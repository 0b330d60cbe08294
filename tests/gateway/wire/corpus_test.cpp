#include "tests/gateway/wire/corpus.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>

namespace data = boost::unit_test::data;
using namespace gateway::wire::test;
using end = judgement::end;

namespace {

struct elsewhere {
    std::string_view id;
    std::string_view by;
};

// Well-formed requests that are refused all the same, by what the tests of others show.
constexpr std::array judged_elsewhere{
    elsewhere{"rl-no-slash",        "policy::read_target: origin-form only"                           },
    elsewhere{"rl-fragment",        "policy::read_target: no fragment"                                },
    elsewhere{"rl-authority-form",  "policy::read_target: origin-form only"                           },
    elsewhere{"rl-connect-path",    "policy::find_route: no row has the method"                       },
    elsewhere{"rl-asterisk-post",   "policy::read_target: origin-form only"                           },
    elsewhere{"rl-trace",           "policy::find_route: no row has the method"                       },
    elsewhere{"rl-abs-http",        "policy::read_target: origin-form only"                           },
    elsewhere{"rl-scheme-relative", "policy::read_target: no empty segment"                           },
    elsewhere{"f-cl-huge",          "the connection: the largest body is a limit of the configuration"},
    elsewhere{"ws-denied-path",     "policy::judge: the grant"                                        },
    elsewhere{"ws-http-path",       "policy::find_route: the transport"                               },
    elsewhere{"ws-origin-evil",     "policy: the Origin rules"                                        },
    elsewhere{"ws-origin-null",     "policy: the Origin rules"                                        },
    elsewhere{"tr-plain-http",      "the listener: cleartext on the TLS port"                         },
};

bool is_judged_elsewhere(std::string_view id)
{
    return std::ranges::find(judged_elsewhere, id, &elsewhere::id) != judged_elsewhere.end();
}

bool is_refused(judgement const& j) { return j.how == end::head_flaw || j.how == end::body_flaw; }

} // namespace

BOOST_AUTO_TEST_SUITE(wire_corpus)

BOOST_DATA_TEST_CASE(each_row_has_its_verdict, data::make(corpus()), row)
{
    auto const got = judge(row.bytes, row.bytes.size());
    if (row.verdict == "accept") {
        BOOST_TEST(got.messages >= 1U);
        if (row.then_reject) {
            BOOST_TEST(is_refused(got), got);
        } else {
            BOOST_TEST((got.how == end::between_messages || got.how == end::tunnel), got);
        }
        if (row.body) BOOST_TEST(got.body == *row.body);
    } else if (row.verdict == "wait") {
        BOOST_TEST((got.how == end::in_head || got.how == end::in_body), got);
    } else if (row.verdict == "reject") {
        // A body that has not ended when the connection does is refused for that.
        bool const refused = is_refused(got) || (row.then_close && got.how == end::in_body);
        BOOST_TEST(refused != is_judged_elsewhere(row.id), got);
        if (refused) BOOST_TEST(got.messages == 0U);
    }
}

BOOST_DATA_TEST_CASE(each_row_has_one_verdict_for_every_split, data::make(corpus()), row)
{
    auto const expected = judge(row.bytes, row.bytes.size());
    for (std::size_t const step : {1U, 2U, 7U, 64U, 1460U})
        BOOST_TEST(judge(row.bytes, step) == expected);
}

BOOST_AUTO_TEST_SUITE_END()
