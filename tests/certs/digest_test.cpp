#include "certs/digest.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(digest)

// FIPS 180-4 example vectors.
BOOST_AUTO_TEST_CASE(sha256_of_known_texts)
{
    BOOST_TEST(certs::sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    BOOST_TEST(
        certs::sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    BOOST_TEST(certs::sha256("abc").front() == 0xba);
}

BOOST_AUTO_TEST_SUITE_END()
