#define BOOST_TEST_MODULE gateway_base_config_reply
#include <boost/test/unit_test.hpp>
