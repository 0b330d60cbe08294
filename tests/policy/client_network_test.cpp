#include "policy/client_network.hpp"

#include <boost/test/unit_test.hpp>

using policy::client_network;

BOOST_AUTO_TEST_SUITE(networks_of_clients)

namespace {

using v4 = std::array<std::uint8_t, 4>;
using v6 = std::array<std::uint8_t, 16>;

bool same(client_network const& a, client_network const& b) { return a == b && a.bytes() == b.bytes(); }

} // namespace

BOOST_AUTO_TEST_CASE(each_v4_address_is_one)
{
    auto const one = client_network::of_v4(v4{192, 0, 2, 7});
    BOOST_TEST(same(one, client_network::of_v4(v4{192, 0, 2, 7})));
    BOOST_TEST(!same(one, client_network::of_v4(v4{192, 0, 2, 8})));
}

BOOST_AUTO_TEST_CASE(the_first_64_bits_of_a_v6_address_are_one)
{
    v6 const first{0x20, 0x01, 0x0d, 0xb8, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1};
    auto neighbour = first;
    neighbour[15] = 9;
    neighbour[8] = 0xfe;
    auto stranger = first;
    stranger[7] = 3;
    BOOST_TEST(same(client_network::of_v6(first), client_network::of_v6(neighbour)));
    BOOST_TEST(!same(client_network::of_v6(first), client_network::of_v6(stranger)));
}

BOOST_AUTO_TEST_CASE(a_v4_address_in_v6_is_the_v4_address)
{
    auto const mapped = client_network::of_v6(v6{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 7});
    BOOST_TEST(same(mapped, client_network::of_v4(v4{192, 0, 2, 7})));
    BOOST_TEST(!same(mapped, client_network::of_v6(v6{}))); // whose first 64 bits are the same
}

BOOST_AUTO_TEST_CASE(no_v6_network_is_a_v4_address)
{
    BOOST_TEST(!same(client_network::of_v6(v6{192, 0, 2, 7}), client_network::of_v4(v4{192, 0, 2, 7})));
}

BOOST_AUTO_TEST_SUITE_END()
