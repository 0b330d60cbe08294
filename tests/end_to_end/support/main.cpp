#define BOOST_TEST_MODULE end_to_end
#include <boost/test/unit_test.hpp>

#include "tests/end_to_end/support/stage.hpp"

namespace {

struct last_curtain {
    ~last_curtain() { e2e::strike_stage(); }
};

} // namespace

BOOST_TEST_GLOBAL_FIXTURE(last_curtain);
