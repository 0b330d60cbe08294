#define BOOST_TEST_MODULE gateway_session
#include <boost/test/unit_test.hpp>
