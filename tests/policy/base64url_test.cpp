#include "policy/base64url.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <string>
#include <vector>

namespace data = boost::unit_test::data;
namespace base64url = policy::base64url;

BOOST_AUTO_TEST_SUITE(base64url_text)

namespace {

struct pair {
    std::string_view bytes;
    std::string_view text;
    friend std::ostream& operator<<(std::ostream& out, pair const& p) { return out << p.text; }
};

// RFC 4648 §10, without padding, and the two letters in which the alphabets differ.
constexpr std::array pairs{
    pair{"",         ""        },
    pair{"f",        "Zg"      },
    pair{"fo",       "Zm8"     },
    pair{"foo",      "Zm9v"    },
    pair{"foob",     "Zm9vYg"  },
    pair{"fooba",    "Zm9vYmE" },
    pair{"foobar",   "Zm9vYmFy"},
    pair{"\xfb\xff", "-_8"     }
};

std::optional<std::string> decoded(std::string_view text)
{
    std::array<std::uint8_t, 64> out{};
    auto const size = base64url::decode(text, out);
    if (!size) return std::nullopt;
    return std::string(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(*size));
}

std::string encoded(std::string_view bytes)
{
    std::string out;
    base64url::append(out, {reinterpret_cast<std::uint8_t const*>(bytes.data()), bytes.size()});
    return out;
}

} // namespace

BOOST_DATA_TEST_CASE(bytes_and_text_belong_together, data::make(pairs), p)
{
    BOOST_TEST(encoded(p.bytes) == p.text);
    BOOST_TEST(decoded(p.text).value() == p.bytes);
    BOOST_TEST(base64url::encoded_size(p.bytes.size()) == p.text.size());
    BOOST_TEST(base64url::decoded_size(p.text.size()) == p.bytes.size());
}

BOOST_DATA_TEST_CASE(
    no_text_with_padding_or_of_an_impossible_length_is_read,
    data::make({"Z", "Zg=", "Zg==", "Zm9vY", "Zm9v====", "=", "Zm9v=", "Zm9vZg=="}),
    text)
{
    BOOST_TEST(!decoded(text));
}

BOOST_AUTO_TEST_CASE(every_byte_outside_the_alphabet_is_refused_in_every_place)
{
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (std::string const good : {"AAAAAAAA", "AAAAAAA", "AAAAAA"})
        for (std::size_t i = 0; i < good.size(); ++i)
            for (int byte = 0; byte < 256; ++byte) {
                auto text = good;
                text[i] = static_cast<char>(byte);
                bool const letter = alphabet.find(text[i]) != std::string_view::npos;
                auto const read = decoded(text);
                if (!letter) BOOST_TEST(!read, "byte " << byte << " at " << i);
                if (read) BOOST_TEST(encoded(*read) == text); // one text for each byte string
            }
}

BOOST_DATA_TEST_CASE(
    unused_bits_must_be_zero, data::make({"Zh", "Zv", "Z_", "Zm9", "Zm_", "Zm9vZh", "Zm9vZm9"}), text)
{
    BOOST_TEST(!decoded(text));
}

BOOST_AUTO_TEST_CASE(all_lengths_come_back)
{
    std::string bytes;
    for (int i = 0; i < 48; ++i) {
        BOOST_TEST(decoded(encoded(bytes)).value() == bytes);
        bytes += static_cast<char>(i * 37 + 200);
    }
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused)
{
    std::array<std::uint8_t, 2> out{};
    BOOST_TEST(!base64url::decode("Zm9v", out));
    BOOST_TEST(base64url::decode("Zm8", out).value() == 2U);
}

BOOST_AUTO_TEST_CASE(appending_keeps_what_is_there)
{
    std::string out = "x.";
    base64url::append(out, std::array<std::uint8_t, 1>{'f'});
    BOOST_TEST(out == "x.Zg");
}

BOOST_AUTO_TEST_SUITE_END()
