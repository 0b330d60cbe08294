#define BOOST_TEST_MODULE voicegate
#include <boost/test/unit_test.hpp>
