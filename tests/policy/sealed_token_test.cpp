#include "tests/policy/samples.hpp"
#include "tests/policy/toy_cipher.hpp"

#include "policy/base64url.hpp"
#include "policy/claims_reader.hpp"
#include "policy/token_form.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <functional>
#include <string>

namespace data = boost::unit_test::data;
using policy::claims;
using policy::denial;
using policy::open_sealed;
using policy::seal;
using test::now;
using test::sample_claims;
using test::toy_cipher;

BOOST_AUTO_TEST_SUITE(sealed_tokens)

namespace {

constexpr policy::nonce iv{9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 255, 254};
toy_cipher const cipher;

/// A token that the cipher finds authentic, around any text.
std::string sealed_text(std::string text)
{
    std::string token;
    BOOST_REQUIRE(policy::append_sealed_header(token, cipher.sealing_key(now)));
    policy::aead_tag tag;
    std::span const bytes{reinterpret_cast<std::uint8_t*>(text.data()), text.size()};
    BOOST_REQUIRE(cipher.seal(cipher.sealing_key(now), iv, token, bytes, tag));
    token += ".." + test::base64url({reinterpret_cast<char const*>(iv.data()), iv.size()}) + '.' +
             test::base64url(text) + '.';
    policy::base64url::append(token, tag);
    return token;
}

/// The plain text inside a token.
std::string opened_text(std::string const& token)
{
    auto const form = policy::read_sealed_form(token).value();
    std::string text(policy::base64url::decoded_size(form.ciphertext.size()), '\0');
    std::span const bytes{reinterpret_cast<std::uint8_t*>(text.data()), text.size()};
    policy::aead_tag tag;
    BOOST_REQUIRE(policy::base64url::decode(form.ciphertext, bytes).has_value());
    BOOST_REQUIRE(policy::base64url::decode(form.tag, tag).has_value());
    BOOST_REQUIRE(cipher.open(form.key_id(), iv, form.header, bytes, tag, now));
    return text;
}

void check_equal(claims const& got, claims const& expected)
{
    BOOST_TEST(got.jti == expected.jti);
    BOOST_TEST(got.sid == expected.sid);
    BOOST_TEST(got.sub == expected.sub);
    BOOST_TEST((got.grants == expected.grants));
    BOOST_TEST((got.issued_at == expected.issued_at));
    BOOST_TEST((got.not_before == expected.not_before));
    BOOST_TEST((got.expires_at == expected.expires_at));
    BOOST_TEST((got.stream_until == expected.stream_until));
    BOOST_TEST((got.session_until == expected.session_until));
    BOOST_TEST((got.authorized_at == expected.authorized_at));
}

struct change {
    std::string_view title;
    std::function<void(claims&)> make;
    friend std::ostream& operator<<(std::ostream& out, change const& c) { return out << c.title; }
};

std::vector<change> const sealable{
    {"as it is",                  [](claims&) {}                                                                         },
    {"no subject",                [](claims& c) { c.sub.clear(); }                                                       },
    {"no grants",                 [](claims& c) { c.grants = {}; }                                                       },
    {"all grants",
     [](claims& c) {
         c.grants = {policy::grant::tts, policy::grant::stt, policy::grant::agent};
     }                                                                                                                   },
    {"valid later",               [](claims& c) { c.not_before += std::chrono::seconds{5}; }                             },
    {"a session",
     [](claims& c) {
         c.stream_until = test::at(7), c.session_until = test::at(8), c.authorized_at = test::at(9);
     }                                                                                                                   },
    {"longest ids",               [](claims& c) { c.jti.assign(64, 'j'), c.sid.assign(64, 's'), c.sub.assign(128, 'u'); }},
    {"quotes",                    [](claims& c) { c.sub = R"(a"b\c/d{"jti":"x"})"; }                                     },
    {"control bytes",             [](claims& c) { c.sub = std::string("\0\x01\n\x1f\x7f", 5); }                          },
    {"nothing but control bytes",
     [](claims& c) { c.jti.assign(64, '\x1f'), c.sid.assign(64, '\x1f'), c.sub.assign(128, '\x1f'); }                    },
    {"UTF-8",                     [](claims& c) { c.sub = "\u00e4\u20ac\U0001f600"; }                                    },
    {"first and last second",
     [](claims& c) {
         c.issued_at = c.not_before = test::at(0), c.expires_at = test::at(policy::claim_seconds_max);
     }                                                                                                                   },
};

std::vector<change> const unsealable{
    {"no jti",          [](claims& c) { c.jti.clear(); }                                         },
    {"no sid",          [](claims& c) { c.sid.clear(); }                                         },
    {"long jti",        [](claims& c) { c.jti.assign(65, 'j'); }                                 },
    {"long sid",        [](claims& c) { c.sid.assign(65, 's'); }                                 },
    {"long sub",        [](claims& c) { c.sub.assign(129, 'u'); }                                },
    {"no UTF-8",        [](claims& c) { c.sub = "\xff"; }                                        },
    {"UTF-8 cut short", [](claims& c) { c.sub = "\xe2\x82"; }                                    },
    {"before 1970",     [](claims& c) { c.issued_at = test::at(-1); }                            },
    {"after 9999",      [](claims& c) { c.expires_at = test::at(policy::claim_seconds_max + 1); }},
};

} // namespace

BOOST_DATA_TEST_CASE(what_is_sealed_opens, data::make(sealable), c)
{
    auto about = sample_claims();
    c.make(about);
    auto const token = seal(about, cipher, iv, now);
    BOOST_TEST((policy::kind_of(token) == policy::token_kind::sealed));
    BOOST_TEST(token.size() <= policy::token_bytes_max);
    auto const got = open_sealed(token, cipher, now);
    BOOST_REQUIRE(got.has_value());
    check_equal(*got, about);
}

BOOST_DATA_TEST_CASE(what_could_not_be_read_again_is_not_sealed, data::make(unsealable), c)
{
    auto about = sample_claims();
    c.make(about);
    BOOST_TEST(seal(about, cipher, iv, now) == "");
}

BOOST_AUTO_TEST_CASE(a_failing_cipher_seals_nothing)
{
    toy_cipher broken;
    broken.fails = true;
    BOOST_TEST(seal(sample_claims(), broken, iv, now) == "");
    BOOST_TEST(seal(sample_claims(), toy_cipher{{{"no key id", 1}}}, iv, now) == "");
}

BOOST_AUTO_TEST_CASE(the_text_is_short_and_as_documented)
{
    auto about = sample_claims({policy::grant::tts, policy::grant::agent});
    BOOST_TEST(
        opened_text(seal(about, cipher, iv, now)) ==
        R"({"jti":"jti-0123456789abcdefgh","sid":"sid-0123456789abcdefgh","sub":"user_2f4c9a1e",)"
        R"("grants":["tts","agent"],"iat":1744749554,"exp":1744749614})");
    about.sub.clear();
    about.not_before += std::chrono::seconds{1};
    BOOST_TEST(
        opened_text(seal(about, cipher, iv, now)) ==
        R"({"jti":"jti-0123456789abcdefgh","sid":"sid-0123456789abcdefgh",)"
        R"("grants":["tts","agent"],"iat":1744749554,"nbf":1744749555,"exp":1744749614})");
}

BOOST_AUTO_TEST_CASE(an_ordinary_token_stays_under_512_bytes)
{
    auto about = sample_claims({policy::grant::tts, policy::grant::stt, policy::grant::agent});
    about.sub.assign(64, 'u');
    about.not_before += std::chrono::seconds{1};
    auto const token = seal(about, toy_cipher{{{std::string(32, 'k'), 1}}}, iv, now);
    BOOST_TEST(token.size() > 0U);
    BOOST_TEST(token.size() < 512U);
}

BOOST_AUTO_TEST_CASE(no_changed_byte_ever_opens)
{
    auto const good = seal(sample_claims(), cipher, iv, now);
    for (std::size_t i = 0; i < good.size(); ++i)
        for (int byte = 0; byte < 256; ++byte) {
            auto changed = good;
            changed[i] = static_cast<char>(byte);
            if (changed == good) continue;
            auto const got = open_sealed(changed, cipher, now);
            BOOST_REQUIRE_MESSAGE(got.has_error(), "byte " << byte << " at " << i << " opens");
            BOOST_REQUIRE((got.error() == denial::token_malformed || got.error() == denial::token_forged));
        }
}

BOOST_AUTO_TEST_CASE(no_byte_dropped_doubled_or_added_ever_opens)
{
    auto const good = seal(sample_claims(), cipher, iv, now);
    for (std::size_t i = 0; i <= good.size(); ++i) {
        for (std::string_view const added : {"A", "_", ".", "=", " ", "\n", "%41"})
            BOOST_REQUIRE(open_sealed(std::string(good).insert(i, added), cipher, now).has_error());
        BOOST_REQUIRE(
            i == good.size() || open_sealed(std::string(good).erase(i, 1), cipher, now).has_error());
        BOOST_REQUIRE(i == good.size() || open_sealed(good.substr(0, i), cipher, now).has_error());
        BOOST_REQUIRE(i == 0 || open_sealed(good.substr(i), cipher, now).has_error());
    }
}

BOOST_AUTO_TEST_CASE(only_a_key_of_the_ring_opens)
{
    auto const token = seal(sample_claims(), toy_cipher{{{"old", 7}}}, iv, now);
    BOOST_TEST(open_sealed(
                   token,
                   toy_cipher{
                       {{"new", 8}, {"old", 7}}
    },
                   now)
                   .has_value());
    BOOST_TEST(
        open_sealed(token, toy_cipher{{{"new", 7}}}, now).error() == denial::token_forged); // unknown id
    BOOST_TEST(
        open_sealed(
            token,
            toy_cipher{
                {{"new", 7}, {"old", 8}}
    },
            now)
            .error() == denial::token_forged); // wrong key
}

BOOST_AUTO_TEST_CASE(without_an_active_key_nothing_is_sealed)
{
    BOOST_TEST(seal(sample_claims(), toy_cipher{{{"", 7}}}, iv, now) == "");
}

BOOST_AUTO_TEST_CASE(a_hand_off_code_is_no_token_and_a_token_is_no_code)
{
    using policy::sealed_use;
    auto const code = seal(sample_claims(), cipher, iv, now, sealed_use::handoff);
    auto const token = seal(sample_claims(), cipher, iv, now);
    auto const header_ends = code.find('.');
    auto const header = R"({"typ":"handoff-code","alg":"dir","enc":"A256GCM","kid":"k1"})";
    BOOST_TEST(code.substr(0, header_ends) == test::base64url(header));
    BOOST_TEST(!policy::kind_of(code).has_value());
    BOOST_TEST(open_sealed(code, cipher, now).error() == denial::token_malformed);
    BOOST_TEST(open_sealed(token, cipher, now, sealed_use::handoff).error() == denial::token_malformed);
    auto const read = open_sealed(code, cipher, now, sealed_use::handoff);
    BOOST_REQUIRE(read.has_value());
    check_equal(*read, sample_claims());

    // nor with the other's header: that is authenticated
    auto const dressed_up = token.substr(0, token.find('.')) + code.substr(header_ends);
    BOOST_TEST(open_sealed(dressed_up, cipher, now).error() == denial::token_forged);
    auto const dressed_down = code.substr(0, header_ends) + token.substr(token.find('.'));
    BOOST_TEST(open_sealed(dressed_down, cipher, now, sealed_use::handoff).error() == denial::token_forged);
}

BOOST_AUTO_TEST_CASE(parts_of_two_tokens_do_not_mix)
{
    auto const one = seal(sample_claims(), cipher, {1}, now);
    auto const other = seal(sample_claims({policy::grant::agent}), cipher, {2}, now);
    auto const tag_of_other = one.substr(0, one.rfind('.')) + other.substr(other.rfind('.'));
    auto const iv_at = one.find("..") + 2;
    auto const iv_of_other = std::string(one).replace(iv_at, 16, other, other.find("..") + 2, 16);
    BOOST_TEST(open_sealed(tag_of_other, cipher, now).error() == denial::token_forged);
    BOOST_TEST(open_sealed(iv_of_other, cipher, now).error() == denial::token_forged);
}

BOOST_AUTO_TEST_CASE(a_long_token_is_refused_before_any_cryptography)
{
    toy_cipher const counting;
    auto const token = sealed_text(std::string(policy::token_bytes_max, ' '));
    BOOST_TEST(open_sealed(token, counting, now).error() == denial::token_malformed);
    BOOST_TEST(counting.openings == 0U);
}

BOOST_DATA_TEST_CASE(
    sealed_claims_must_be_complete_and_known,
    data::make({
        R"([])",
        R"(null)",
        R"({})",
        R"({"sid":"s","grants":[],"iat":1,"exp":2})",
        R"({"jti":"j","grants":[],"iat":1,"exp":2})",
        R"({"jti":"j","sid":"s","iat":1,"exp":2})",
        R"({"jti":"j","sid":"s","grants":[],"exp":2})",
        R"({"jti":"j","sid":"s","grants":[],"iat":1})",
        R"({"jti":"j","sid":"s","grants":[],"iat":1,"exp":2,"admin":true})",
        R"({"jti":"j","sid":"s","grants":[],"iat":1,"exp":2,"iss":"x"})",
        R"({"jti":"j","sid":"s","grants":[],"iat":1,"exp":2,"jti":"j"})",
        R"({"jti":"j","sid":"s","grants":[],"grants":["tts"],"iat":1,"exp":2})",
        R"({"jti":"j","sid":"s","grants":[],"iat":1,"exp":2,"exp":3})",
        R"({"jti":"j","sid":"s","grants":[],"iat":1,"exp":2,"\u0065xp":3})",
        R"({"jti":"j","sid":"s","grants":["tts","tts"],"iat":1,"exp":2})",
        R"({"jti":"j","sid":"s","grants":["voices"],"iat":1,"exp":2})",
        R"({"jti":"j","sid":"s","grants":[""],"iat":1,"exp":2})",
        R"({"jti":"j","sid":"s","grants":[true],"iat":1,"exp":2})",
        R"({"jti":"j","sid":"s","grants":[["tts"]],"iat":1,"exp":2})",
        R"({"jti":"j","sid":"s","grants":{"tts":true},"iat":1,"exp":2})",
        R"({"jti":"j","sid":"s","grants":"tts","iat":1,"exp":2})",
        R"({"jti":"j","sid":"s","grants":null,"iat":1,"exp":2})",
        R"({"jti":1,"sid":"s","grants":[],"iat":1,"exp":2})",
        R"({"jti":"j","sid":["s"],"grants":[],"iat":1,"exp":2})",
        R"({"jti":"j","sid":"","grants":[],"iat":1,"exp":2})",
        R"({"jti":"j","sid":"s","sub":"","grants":[],"iat":1,"exp":2})",
        R"({"jti":"j","sid":"s","sub":null,"grants":[],"iat":1,"exp":2})",
        R"({"jti":"j","sid":"s","grants":[],"iat":1,"exp":"2"})",
        R"({"jti":"j","sid":"s","grants":[],"iat":1,"exp":2.0})",
        R"({"jti":"j","sid":"s","grants":[],"iat":1,"exp":2e9})",
        R"({"jti":"j","sid":"s","grants":[],"iat":-1,"exp":2})",
        R"({"jti":"j","sid":"s","grants":[],"iat":1,"exp":253402300800})",
        R"({"jti":"j","sid":"s","grants":[],"iat":1,"exp":18446744073709551615})",
        R"({"jti":"j","sid":"s","grants":[],"iat":1,"nbf":null,"exp":2})",
        R"({"jti":"j","sid":"s","grants":[],"iat":1,"exp":2} x)",
    }),
    text)
{
    auto const got = open_sealed(sealed_text(text), cipher, now);
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST(got.error() == denial::token_malformed);
}

BOOST_AUTO_TEST_CASE(the_smallest_claims_open)
{
    auto const got =
        open_sealed(sealed_text(R"({"jti":"j","sid":"s","grants":[],"iat":1,"exp":2})"), cipher, now);
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(got->sub == "");
    BOOST_TEST(got->grants.empty());
    BOOST_TEST((got->not_before == test::at(1)));
}

BOOST_AUTO_TEST_SUITE_END()
