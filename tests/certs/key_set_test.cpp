#include "certs/keyring.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <ostream>
#include <stdexcept>

namespace data = boost::unit_test::data;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view good_k = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"; // bytes 0 to 31

std::string entry(std::string_view kid, std::string_view k = good_k, std::string_view alg = "A256GCM")
{
    return R"({"kty":"oct","kid":")" + std::string(kid) + R"(","alg":")" + std::string(alg) + R"(","k":")" +
           std::string(k) + "\"}";
}

std::string set_of(std::string const& entries) { return "{\"keys\":[" + entries + "]}"; }

struct refusal {
    std::string name;
    std::string text;
    std::string says;
};
std::ostream& operator<<(std::ostream& out, refusal const& r) { return out << r.name; }

std::string seventeen()
{
    auto entries = entry("k0");
    for (int at = 1; at < 17; ++at)
        entries += "," + entry("k" + std::to_string(at));
    return entries;
}

std::string const k(good_k);
std::string const k42 = k.substr(0, 42);
std::string const a33(33, 'a');
std::string const blank(70'000, ' ');
std::string const a_b_a = entry("a") + "," + entry("b") + "," + entry("a");
std::string const entry_of_128 = entry("a", good_k, "A128GCM");

// No comma stands inside a cell: clang-format 14 crashes on it.
std::string with_kid(std::string_view kid) { return set_of(entry(kid)); }
std::string with_k(std::string_view text) { return set_of(entry("a", text)); }
std::string with_second_k(std::string_view text) { return set_of(entry("a") + "," + entry("b", text)); }

std::string with_term(std::string_view term)
{
    auto text = entry("a");
    text.pop_back();
    return set_of(text + "," + std::string(term) + "}");
}

std::array const refusals{
    refusal{"empty text",        "",                                                         "not JSON"        },
    refusal{"not JSON",          "keys",                                                     "not JSON"        },
    refusal{"trailing bytes",    with_kid("a") + "x",                                        "not JSON"        },
    refusal{"ends in a member",  R"({"keys":[{"kid":)",                                      "not JSON"        },
    refusal{"too long",          with_kid("a") + blank,                                      "over 64 KiB"     },
    refusal{"not an object",     "[]",                                                       "keys: must be"   },
    refusal{"no keys",           "{}",                                                       "keys: must be"   },
    refusal{"keys no array",     R"({"keys":{}})",                                           "keys: must be"   },
    refusal{"empty set",         set_of(""),                                                 "keys: is empty"  },
    refusal{"too many",          set_of(seventeen()),                                        "over 16"         },
    refusal{"entry no object",   set_of("1"),                                                "keys[0]: must be"},
    refusal{"duplicate kid",     set_of(a_b_a),                                              "keys[2].kid"     },
    refusal{"wrong alg",         set_of(entry_of_128),                                       "keys[0].alg"     },
    refusal{"no alg",            set_of(R"({"kty":"oct","kid":"a","k":"AAEC"})"),            "keys[0].alg"     },
    refusal{"wrong kty",         set_of(R"({"kty":"RSA","kid":"a","alg":"A256GCM"})"),       "keys[0].kty"     },
    refusal{"no kid",            set_of(R"({"kty":"oct","alg":"A256GCM"})"),                 "keys[0].kid"     },
    refusal{"empty kid",         with_kid(""),                                               "keys[0].kid"     },
    refusal{"kid with a dot",    with_kid("a.b"),                                            "keys[0].kid"     },
    refusal{"kid of 33",         with_kid(a33),                                              "keys[0].kid"     },
    refusal{"second key bad",    with_second_k("AAEC"),                                      "keys[1].k"       },
    refusal{"no k",              set_of(R"({"kty":"oct","kid":"a","alg":"A256GCM"})"),       "keys[0].k"       },
    refusal{"k a number",        set_of(R"({"kty":"oct","kid":"a","alg":"A256GCM","k":1})"), "keys[0].k"       },
    refusal{"k padded",          with_k(k + "="),                                            "keys[0].k"       },
    refusal{"k in base64",       with_k("+/" + k.substr(2)),                                 "keys[0].k"       },
    refusal{"k with spare bits", with_k(k42 + "9"),                                          "keys[0].k"       },
    refusal{"k of 31 bytes",     with_k(k42),                                                "keys[0].k"       },
    refusal{"k of 33 bytes",     with_k(k42 + "8A"),                                         "keys[0].k"       },
    refusal{"nbf a text",        with_term(R"("nbf":"1")"),                                  "keys[0].nbf"     },
    refusal{"nbf before 1970",   with_term(R"("nbf":-1)"),                                   "keys[0].nbf"     },
    refusal{"exp in ms",         with_term(R"("exp":1800000000000)"),                        "keys[0].exp"     },
    refusal{"exp a fraction",    with_term(R"("exp":1.5)"),                                  "keys[0].exp"     },
    refusal{"exp null",          with_term(R"("exp":null)"),                                 "keys[0].exp"     },
    refusal{"never used",        with_term(R"("nbf":2 , "exp":2)"),                          "keys[0].exp"     },
};

constexpr std::chrono::sys_seconds now{1'800'000'000s};

std::string with_new_key(std::string_view existing, std::size_t keep, certs::key_term const& term = {})
{
    return certs::key_set_with_new_key(existing, term, keep, now);
}

certs::key_material key_of(certs::key_term const& term) { return {"k", certs::secret(), term}; }

template <class... Terms>
certs::key_set keys_of(Terms... terms)
{
    certs::key_set out;
    (out.push_back(key_of(terms)), ...);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(key_sets)

BOOST_DATA_TEST_CASE(what_is_no_key_set_is_refused_by_name, data::make(refusals), r)
{
    BOOST_CHECK_EXCEPTION(
        static_cast<void>(certs::read_key_set(r.text)),
        std::runtime_error,
        [&](std::runtime_error const& error) {
            std::string const what = error.what();
            BOOST_TEST_INFO(what);
            return what.find(r.says) != std::string::npos &&
                   what.find(good_k.substr(2, 8)) == std::string::npos;
        });
}

BOOST_AUTO_TEST_CASE(keys_are_read_in_order)
{
    auto const keys = certs::read_key_set(set_of(entry("new_-9") + "," + entry(std::string(32, 'z'))));
    BOOST_TEST_REQUIRE(keys.size() == 2U);
    BOOST_TEST(keys[0].id == "new_-9");
    BOOST_TEST(keys[1].id == std::string(32, 'z'));
    std::string bytes(32, '\0');
    std::ranges::generate(bytes, [value = char{0}]() mutable { return value++; });
    BOOST_TEST(keys[0].key.reveal() == bytes);
}

BOOST_AUTO_TEST_CASE(members_we_do_not_know_are_passed_over) // RFC 7517 §4
{
    auto const key = R"({"kty":"oct","kid":"a","alg":"A256GCM","use":"enc","x":[],"k":")" + k + "\"}";
    auto const text = "{\"keys\":[" + key + "],\"y\":1}";
    BOOST_TEST(certs::read_key_set(text).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_new_key_goes_in_front_and_the_oldest_goes)
{
    auto const first = with_new_key("", 2);
    auto const second = with_new_key(first, 2);
    auto const third = with_new_key(second, 2);
    auto const one = certs::read_key_set(first);
    auto const two = certs::read_key_set(second);
    auto const three = certs::read_key_set(third);
    BOOST_TEST_REQUIRE(one.size() == 1U);
    BOOST_TEST_REQUIRE(two.size() == 2U);
    BOOST_TEST_REQUIRE(three.size() == 2U);
    BOOST_TEST(one[0].id.size() == 8U);
    BOOST_TEST(two[1].id == one[0].id);
    BOOST_TEST(two[1].key.reveal() == one[0].key.reveal());
    BOOST_TEST(two[0].key.reveal() != two[1].key.reveal());
    BOOST_TEST(three[1].id == two[0].id);
}

BOOST_AUTO_TEST_CASE(a_term_is_read_and_kept_by_a_rotation)
{
    auto const first = with_new_key("", 3, {.not_before = now - 10s, .not_after = now + 10s});
    auto const second = with_new_key(first, 3, {.not_after = now + 20s});
    auto const keys = certs::read_key_set(with_new_key(second, 3));
    BOOST_TEST_REQUIRE(keys.size() == 3U);
    certs::key_term const always;
    BOOST_TEST((keys[0].term.not_before == always.not_before && keys[0].term.not_after == always.not_after));
    BOOST_TEST((keys[1].term.not_before == always.not_before && keys[1].term.not_after == now + 20s));
    BOOST_TEST((keys[2].term.not_before == now - 10s && keys[2].term.not_after == now + 10s));
}

BOOST_AUTO_TEST_CASE(a_rotation_drops_what_has_ended)
{
    auto const ended = certs::key_set_with_new_key("", {.not_after = now}, 3, now - 1s);
    BOOST_TEST(certs::read_key_set(ended).size() == 1U);
    BOOST_TEST(certs::read_key_set(with_new_key(ended, 3)).size() == 1U);
}

BOOST_AUTO_TEST_CASE(sealing_ends_where_no_key_takes_over)
{
    using certs::sealing_ends;
    BOOST_TEST((sealing_ends({}, now) == now));
    BOOST_TEST((sealing_ends(keys_of(certs::key_term{}), now) == std::chrono::sys_seconds::max()));
    certs::key_term const ends_soon{.not_after = now + 10s};
    certs::key_term const takes_over{.not_before = now + 10s, .not_after = now + 20s};
    certs::key_term const too_late{.not_before = now + 21s};
    BOOST_TEST((sealing_ends(keys_of(ends_soon), now) == now + 10s));
    BOOST_TEST((sealing_ends(keys_of(takes_over, ends_soon), now) == now + 20s));
    BOOST_TEST((sealing_ends(keys_of(too_late, takes_over, ends_soon), now) == now + 20s));
    BOOST_TEST((sealing_ends(keys_of(too_late), now) == now));
    BOOST_TEST((sealing_ends(keys_of(ends_soon), now + 10s) == now + 10s));
}

BOOST_AUTO_TEST_CASE(a_rotation_refuses_what_it_cannot_keep)
{
    BOOST_CHECK_THROW(with_new_key("", 0), std::runtime_error);
    BOOST_CHECK_THROW(with_new_key("", 17), std::runtime_error);
    BOOST_CHECK_THROW(with_new_key("{}", 2), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
