#include "policy/token.hpp"

#include "policy/token_form.hpp"
#include "tests/policy/samples.hpp"
#include "tests/policy/toy_cipher.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <string>

namespace data = boost::unit_test::data;
using policy::denial;
using policy::kind_of;
using policy::token_kind;
using std::chrono::seconds;

BOOST_AUTO_TEST_SUITE(tokens)

namespace {

std::string const sealed = policy::seal(test::sample_claims(), test::toy_cipher{}, {1, 2, 3}, test::now);

std::string with_header(std::string_view header)
{
    return test::base64url(header) + sealed.substr(sealed.find('.'));
}

struct moment {
    std::string_view title;
    seconds from_not_before{};
    seconds leeway{};
    std::optional<denial> flaw;
    friend std::ostream& operator<<(std::ostream& out, moment const& m) { return out << m.title; }
};

// The sample lives from `not_before` for 60 seconds.
std::array const moments{
    moment{"before",                seconds{-1}, seconds{0}, denial::token_not_yet_valid},
    moment{"at the beginning",      seconds{0},  seconds{0}, std::nullopt               },
    moment{"last second",           seconds{59}, seconds{0}, std::nullopt               },
    moment{"at the end",            seconds{60}, seconds{0}, denial::token_expired      },
    moment{"before, out of leeway", seconds{-6}, seconds{5}, denial::token_not_yet_valid},
    moment{"before, within leeway", seconds{-5}, seconds{5}, std::nullopt               },
    moment{"after, within leeway",  seconds{64}, seconds{5}, std::nullopt               },
    moment{"after, out of leeway",  seconds{65}, seconds{5}, denial::token_expired      },
};

} // namespace

BOOST_AUTO_TEST_CASE(both_kinds_are_told_by_their_shape)
{
    BOOST_TEST((kind_of(sealed) == token_kind::sealed));
    BOOST_TEST((kind_of(test::cartesia_token()) == token_kind::cartesia));
    BOOST_TEST((kind_of("eyJ.a.b") == token_kind::cartesia));
    // The shape says nothing of the length: the judge does.
    BOOST_TEST((kind_of("eyJ.a." + std::string(2 * policy::token_bytes_max, 'b')) == token_kind::cartesia));
}

BOOST_DATA_TEST_CASE(
    other_text_is_of_no_kind,
    data::make({"",         ".",         "..",       "....",      "null",     "sk_car_0123", "eyJ",
                "eyJ.a",    "eyJ..b",    "eyJ.a.",   "eyJ.a.b.c", "eyJ.a.b.", "eyK.a.b",     "EyJ.a.b",
                "eyJ.a.b=", "eyJ.a.b c", "eyJ+.a.b", "eyJ.a/.b",  " eyJ.a.b", "eyJ.a.b.c.d", "eyJ.a.b\n"}),
    text)
{
    BOOST_TEST(!kind_of(text).has_value());
}

BOOST_DATA_TEST_CASE(
    the_sealed_header_is_exactly_ours,
    data::make(
        {R"({"alg":"dir","enc":"A256GCM","kid":"k1"} )",
         R"({"alg":"dir","enc":"A256GCM","kid":""})",
         R"({"alg":"dir","enc":"A256GCM"})",
         R"({"alg":"dir","enc":"A256GCM","kid":"k1","zip":"DEF"})",
         R"({"alg":"dir","enc":"A256GCM","kid":"a b"})",
         R"({"alg":"dir","enc":"A256GCM","kid":"k1")",
         R"({"alg":"dir","enc":"A256GCM","kid":")",
         R"({"alg":"dir","enc":"A256GCM","kid":"x)",
         R"({"alg":"dir","enc":"A128GCM","kid":"k1"})",
         R"({"enc":"A256GCM","alg":"dir","kid":"k1"})",
         R"({"alg":"none","enc":"A256GCM","kid":"k1"})",
         R"({"alg":"dir","enc":"A256GCM","kid":"0123456789012345678901234567890123"})"}),
    header)
{
    BOOST_TEST(!kind_of(with_header(header)).has_value());
}

BOOST_AUTO_TEST_CASE(key_ids_have_one_to_32_letters)
{
    for (std::string const id : {"a", "A-z_09", "01234567890123456789012345678901"}) {
        auto const header = R"({"alg":"dir","enc":"A256GCM","kid":")" + id + "\"}";
        BOOST_TEST((kind_of(with_header(header)) == token_kind::sealed));
        BOOST_TEST(policy::read_sealed_form(with_header(header)).value().key_id() == id);
        std::string out;
        BOOST_TEST(policy::append_sealed_header(out, id));
        BOOST_TEST(out == test::base64url(header));
    }
    for (std::string_view const id : {"", "a b", "a\"", "012345678901234567890123456789012"}) {
        std::string out;
        BOOST_TEST(!policy::append_sealed_header(out, id));
        BOOST_TEST(out == "");
    }
}

BOOST_AUTO_TEST_CASE(the_sealed_segments_have_their_sizes)
{
    auto const head = sealed.substr(0, sealed.find('.'));
    auto const iv = std::string(16, 'A');
    auto const tag = std::string(22, 'A');
    auto const kind = [&](std::string const& rest) { return kind_of(head + rest); };
    BOOST_TEST((kind(".." + iv + ".AA." + tag) == token_kind::sealed));
    BOOST_TEST(!kind(".A." + iv + ".AA." + tag).has_value());
    BOOST_TEST(!kind(".." + iv + "A.AA." + tag).has_value());
    BOOST_TEST(!kind(".." + iv + ".." + tag).has_value());
    BOOST_TEST(!kind(".." + iv + ".AA." + tag + "A").has_value());
    BOOST_TEST(!kind(".." + iv + ".AA." + tag.substr(1)).has_value());
    BOOST_TEST(!kind(".." + iv + ".A." + tag.substr(1) + ".").has_value());
    BOOST_TEST(!kind(".." + iv + ".AA.A." + tag).has_value());
    BOOST_TEST(!kind(".." + iv + "." + tag).has_value());
    BOOST_TEST(!kind(".." + std::string(15, 'A') + "+.AA." + tag).has_value());
    BOOST_TEST(!kind(".." + iv + ".A=." + tag).has_value());
    BOOST_TEST(!kind(".." + iv + ".AA." + tag.substr(1) + "=").has_value());
}

BOOST_DATA_TEST_CASE(a_token_lives_from_nbf_until_exp, data::make(moments), m)
{
    auto const about = test::sample_claims();
    auto const flaw = policy::flaw_in_lifetime(about, about.not_before + m.from_not_before, m.leeway);
    BOOST_TEST((flaw == m.flaw));
}

BOOST_AUTO_TEST_SUITE_END()
