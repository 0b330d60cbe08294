#include "gateway/base/token_cipher.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace gateway;

namespace {

std::vector<certs::key_material> two_keys()
{
    std::vector<certs::key_material> out;
    out.push_back({"new", certs::secret(std::string(32, 'n'))});
    out.push_back({"old", certs::secret(std::string(32, 'o'))});
    return out;
}

std::vector<certs::key_material> old_key()
{
    std::vector<certs::key_material> out;
    out.push_back({"old", certs::secret(std::string(32, 'o'))});
    return out;
}

std::vector<std::uint8_t> bytes(std::string_view text) { return {text.begin(), text.end()}; }

} // namespace

BOOST_AUTO_TEST_SUITE(token_ciphers)

BOOST_AUTO_TEST_CASE(the_first_key_seals_and_all_open)
{
    auto const before = token_cipher(old_key());
    auto const after = token_cipher(two_keys());
    BOOST_TEST(before.sealing_key() == "old");
    BOOST_TEST(after.sealing_key() == "new");

    policy::aead_tag tag{};
    auto text = bytes("claims");
    BOOST_TEST(before.seal({}, "aad", text, tag));
    BOOST_TEST(after.open("old", {}, "aad", text, tag));
    BOOST_TEST((text == bytes("claims")));
}

BOOST_AUTO_TEST_CASE(what_is_not_authentic_is_wiped)
{
    auto const cipher = token_cipher(two_keys());
    policy::aead_tag tag{};
    for (auto const* key : {"old", "gone"}) {
        auto text = bytes("claims");
        BOOST_TEST(cipher.seal({}, "aad", text, tag));
        BOOST_TEST(!cipher.open(key, {}, "aad", text, tag));
        BOOST_TEST(std::ranges::all_of(text, [](auto b) { return b == 0; }));
    }
}

BOOST_AUTO_TEST_SUITE_END()
