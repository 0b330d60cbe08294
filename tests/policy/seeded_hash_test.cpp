#include "policy/seeded_hash.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <ostream>
#include <string>

namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(hashes_with_a_seed)

namespace {

/// The key of the published vectors: the bytes 0 to 15.
constexpr policy::hash_seed published_seed{0x0706050403020100U, 0x0f0e0d0c0b0a0908U};

struct vector {
    std::size_t size; ///< of the text, whose bytes count up from 0
    std::uint64_t hash;
    friend std::ostream& operator<<(std::ostream& to, vector const& v) { return to << v.size; }
};

constexpr std::array vectors{
    vector{0,  0x726fdb47dd0e0e31U},
    vector{1,  0x74f839c593dc67fdU},
    vector{2,  0x0d6c8009d9a94f5aU},
    vector{3,  0x85676696d7fb7e2dU},
    vector{7,  0xab0200f58b01d137U},
    vector{8,  0x93f5f5799a932462U},
    vector{15, 0xa129ca6149be45e5U},
};

} // namespace

BOOST_DATA_TEST_CASE(the_published_vectors_of_siphash_2_4, data::make(vectors), v)
{
    std::string text;
    for (std::size_t i = 0; i < v.size; ++i)
        text += static_cast<char>(i);
    BOOST_TEST(policy::seeded_hash(published_seed)(text) == v.hash);
}

BOOST_AUTO_TEST_CASE(another_seed_gives_another_hash)
{
    policy::seeded_hash const one({1, 2});
    BOOST_TEST(one("sid") == policy::seeded_hash({1, 2})("sid"));
    BOOST_TEST(one("sid") != policy::seeded_hash({1, 3})("sid"));
    BOOST_TEST(one("sid") != policy::seeded_hash({0, 2})("sid"));
    BOOST_TEST(one("sid") != one("sie"));
    BOOST_TEST(one(std::string_view("\0", 1)) != one(std::string_view("\0\0", 2)));
}

BOOST_AUTO_TEST_SUITE_END()
