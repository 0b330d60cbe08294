#include "gateway/memory_watch.hpp"

#include "tests/gateway/scratch.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <ostream>
#include <sstream>
#include <vector>

namespace gateway {

std::ostream& operator<<(std::ostream& out, pressure how) { return out << static_cast<int>(how); }

} // namespace gateway

using namespace gateway;
namespace data = boost::unit_test::data;

namespace {

struct row {
    std::uint64_t used; ///< of 1,000
    pressure before;
    pressure after;
};

std::ostream& operator<<(std::ostream& out, row const& r) { return out << r.used << " after " << r.before; }

constexpr std::array rows{
    row{0,     pressure::none,  pressure::none },
    row{949,   pressure::none,  pressure::none },
    row{950,   pressure::none,  pressure::sheds},
    row{980,   pressure::none,  pressure::rests},
    row{5'000, pressure::none,  pressure::rests},
    row{979,   pressure::sheds, pressure::sheds},
    row{980,   pressure::sheds, pressure::rests},
    row{930,   pressure::sheds, pressure::sheds},
    row{929,   pressure::sheds, pressure::none },
    row{960,   pressure::rests, pressure::rests},
    row{959,   pressure::rests, pressure::sheds},
    row{930,   pressure::rests, pressure::sheds},
    row{929,   pressure::rests, pressure::none },
};

/// A watch with a budget of 1,000 bytes over memory that takes these values one after the other.
struct watched {
    explicit watched(std::vector<std::optional<std::uint64_t>> values) : left(std::move(values)) {}

    void run_to_the_last()
    {
        watch.start();
        while (!left.empty())
            control.run_one();
    }

    std::vector<std::optional<std::uint64_t>> left;
    std::vector<pressure> told;
    std::ostringstream said;
    boost::asio::io_context control;
    memory_watch watch{control, options(), said};

private:
    memory_options options()
    {
        memory_options out;
        out.budget = 1'000;
        out.every = out.every_when_near = std::chrono::milliseconds(1);
        out.used = [this] {
            auto const now = left.front();
            left.erase(left.begin());
            return now;
        };
        out.changed = [this](pressure how) { told.push_back(how); };
        return out;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(memory_watches)

BOOST_DATA_TEST_CASE(pressure_rises_at_95_and_98_percent_and_falls_lower, data::make(rows), r)
{
    BOOST_TEST(pressure_at(r.used, 1'000, r.before) == r.after);
}

BOOST_AUTO_TEST_CASE(each_change_is_told_once)
{
    watched w({100, 960, 960, 990, 990, std::nullopt, 940, 100, 100});
    w.run_to_the_last();
    std::vector<pressure> const all{pressure::sheds, pressure::rests, pressure::sheds, pressure::none};
    BOOST_TEST(w.told == all, boost::test_tools::per_element());
    auto const text = w.said.str();
    BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 4, text);
    BOOST_TEST(text.starts_with("limits.memory: "), text);
}

BOOST_AUTO_TEST_CASE(the_budget_is_three_quarters_of_the_tightest_control_group)
{
    tests::scratch const root;
    auto const machine = usual_memory_budget(root.path());
    BOOST_TEST(machine > 0U);
    root.file("proc/self/cgroup", "4:memory:/old\n0::/system.slice/one.service\n");
    root.file("sys/fs/cgroup/system.slice/one.service/memory.max", "max\n");
    BOOST_TEST(usual_memory_budget(root.path()) == machine);
    root.file("sys/fs/cgroup/system.slice/memory.max", "4000000\n");
    BOOST_TEST(usual_memory_budget(root.path()) == 3'000'000U);
    root.file("sys/fs/cgroup/system.slice/one.service/memory.max", "2000000\n");
    BOOST_TEST(usual_memory_budget(root.path()) == 1'500'000U);
}

BOOST_AUTO_TEST_SUITE_END()
