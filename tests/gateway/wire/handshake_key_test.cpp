#include "gateway/wire/handshake_key.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

BOOST_AUTO_TEST_SUITE(handshake_key)

BOOST_AUTO_TEST_CASE(it_is_the_one_of_the_rfc)
{
    std::array<std::uint8_t, 16> bytes{};
    std::ranges::copy(std::string("the sample nonce"), bytes.begin()); // RFC 6455 §1.3
    BOOST_TEST(gateway::wire::handshake_key(bytes) == "dGhlIHNhbXBsZSBub25jZQ==");
}

BOOST_AUTO_TEST_SUITE_END()
