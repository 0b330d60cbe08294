#include "gateway/base/units.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>

using namespace gateway;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(units)

BOOST_AUTO_TEST_CASE(times_read_and_write_alike)
{
    using std::chrono::milliseconds;
    struct form {
        char const* text;
        milliseconds time;
    };
    constexpr std::array forms{
        form{"0s",    0ms  },
        form{"1ms",   1ms  },
        form{"250ms", 250ms},
        form{"10s",   10s  },
        form{"5m",    5min },
        form{"4h",    4h   },
        form{"30d",   720h }
    };
    for (auto const& f : forms) {
        BOOST_TEST((read_duration(f.text) == f.time), f.text);
        BOOST_TEST(write_duration(f.time) == f.text);
    }
    BOOST_TEST(write_duration(90s) == "90s");
}

BOOST_AUTO_TEST_CASE(sizes_read_and_write_alike)
{
    struct form {
        char const* text;
        std::uint64_t bytes;
    };
    constexpr std::array forms{
        form{"0",     0         },
        form{"512",   512       },
        form{"64KiB", 65'536    },
        form{"16MiB", 1U << 24  },
        form{"2GiB",  1ULL << 31}
    };
    for (auto const& f : forms) {
        BOOST_TEST((read_bytes(f.text) == f.bytes), f.text);
        BOOST_TEST(write_bytes(f.bytes) == f.text);
    }
}

BOOST_DATA_TEST_CASE(
    what_is_no_time_is_refused,
    boost::unit_test::data::make(
        {"",
         "5",
         "s",
         "-5s",
         "+5s",
         "5 s",
         " 5s",
         "5s ",
         "5S",
         "05s",
         "1.5s",
         "1h30m",
         "5sec",
         "400000d",
         "99999999999999999999s"}))
{
    BOOST_TEST(!read_duration(sample).has_value());
}

BOOST_DATA_TEST_CASE(
    what_is_no_size_is_refused,
    boost::unit_test::data::make(
        {"", "KiB", "-1", "1 KiB", "1kib", "1KB", "1K", "0x10", "1e3", "18014398509481984KiB"}))
{
    BOOST_TEST(!read_bytes(sample).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
