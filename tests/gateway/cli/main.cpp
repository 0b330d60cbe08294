#define BOOST_TEST_MODULE gateway_cli
#include <boost/test/unit_test.hpp>
