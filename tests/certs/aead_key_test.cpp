#include "certs/keyring.hpp"

#include <boost/test/unit_test.hpp>

#include <openssl/err.h>

#include <algorithm>
#include <stdexcept>

namespace {

using bytes = std::vector<std::uint8_t>;

bytes from_hex(std::string_view hex)
{
    bytes out;
    for (std::size_t at = 0; at + 1 < hex.size(); at += 2)
        out.push_back(static_cast<std::uint8_t>(std::stoul(std::string(hex.substr(at, 2)), nullptr, 16)));
    return out;
}

template <class Array>
Array array_of(std::string_view hex)
{
    Array out{};
    std::ranges::copy(from_hex(hex), out.begin());
    return out;
}

std::string text_of(bytes const& from) { return {from.begin(), from.end()}; }

certs::aead_key make_key(std::string_view hex) { return {"kid", certs::secret(text_of(from_hex(hex)))}; }

// Test case 16 of McGrew and Viega, "The Galois/Counter Mode of Operation", as NIST publishes it.
constexpr std::string_view key_hex = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
constexpr std::string_view iv_hex = "cafebabefacedbaddecaf888";
constexpr std::string_view aad_hex = "feedfacedeadbeeffeedfacedeadbeefabaddad2";
constexpr std::string_view plain_hex = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                                       "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";
constexpr std::string_view sealed_hex = "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                                        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662";
constexpr std::string_view tag_hex = "76fc6ece0f4e1768cddf8853bb2d551b";

struct sealed {
    certs::aead_key key = make_key(key_hex);
    certs::aead_key::nonce iv = array_of<certs::aead_key::nonce>(iv_hex);
    certs::aead_key::tag tag = array_of<certs::aead_key::tag>(tag_hex);
    std::string aad = text_of(from_hex(aad_hex));
    bytes text = from_hex(sealed_hex);

    /// Refused, the text gone, and nothing left in the queue that SSL_get_error reads.
    void expect_refused()
    {
        BOOST_TEST(!key.open(iv, aad, text, tag));
        BOOST_TEST(std::ranges::all_of(text, [](auto byte) { return byte == 0; }));
        BOOST_TEST(ERR_peek_error() == 0U);
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(aead_key)

BOOST_AUTO_TEST_CASE(seals_and_opens_the_published_vector_again_and_again)
{
    sealed const wanted;
    auto const key = make_key(key_hex);
    for (int round = 0; round < 3; ++round) {
        auto text = from_hex(plain_hex);
        certs::aead_key::tag tag{};
        BOOST_TEST_REQUIRE(key.seal(wanted.iv, wanted.aad, text, tag));
        BOOST_TEST(text == wanted.text, boost::test_tools::per_element());
        BOOST_TEST(tag == wanted.tag, boost::test_tools::per_element());
        BOOST_TEST_REQUIRE(key.open(wanted.iv, wanted.aad, text, tag));
        BOOST_TEST(text == from_hex(plain_hex), boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(every_changed_byte_is_refused)
{
    for (std::size_t at = 0; at < from_hex(sealed_hex).size(); ++at) {
        sealed s;
        s.text[at] ^= 1;
        s.expect_refused();
    }
    for (std::size_t at = 0; at < sealed{}.tag.size(); ++at) {
        sealed s;
        s.tag[at] ^= 0x80;
        s.expect_refused();
    }
    for (std::size_t at = 0; at < sealed{}.aad.size(); ++at) {
        sealed s;
        s.aad[at] = static_cast<char>(s.aad[at] ^ 1);
        s.expect_refused();
    }
    for (std::size_t at = 0; at < sealed{}.iv.size(); ++at) {
        sealed s;
        s.iv[at] ^= 1;
        s.expect_refused();
    }
}

BOOST_AUTO_TEST_CASE(missing_bytes_and_another_key_are_refused)
{
    sealed shorter;
    shorter.text.pop_back();
    shorter.expect_refused();

    sealed without_aad;
    without_aad.aad.clear();
    without_aad.expect_refused();

    sealed other{make_key("00ffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")};
    other.expect_refused();
}

BOOST_AUTO_TEST_CASE(a_refusal_does_not_disturb_the_next_opening)
{
    sealed s;
    auto broken = s.text;
    broken[0] ^= 1;
    BOOST_TEST(!s.key.open(s.iv, s.aad, broken, s.tag));
    BOOST_TEST(s.key.open(s.iv, s.aad, s.text, s.tag));
}

BOOST_AUTO_TEST_CASE(text_may_be_empty)
{
    auto const key = make_key(key_hex);
    certs::aead_key::nonce const iv{};
    certs::aead_key::tag tag{};
    BOOST_TEST(key.seal(iv, "aad", {}, tag));
    BOOST_TEST(key.open(iv, "aad", {}, tag));
    BOOST_TEST(!key.open(iv, "add", {}, tag));
}

BOOST_AUTO_TEST_CASE(a_key_of_another_length_is_refused)
{
    BOOST_CHECK_THROW(make_key("feffe9928665731c6d6a8f9467308308"), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
