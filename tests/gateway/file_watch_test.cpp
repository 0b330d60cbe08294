#include "gateway/file_watch.hpp"

#include "tests/gateway/scratch.hpp"

#include <boost/asio/io_context.hpp>

#include <sstream>

using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

struct watched : tests::scratch {
    boost::asio::io_context control{1};
    std::ostringstream said;
    int told = 0;
    gateway::file_watch one{
        control, said, [this] { ++told;     },
           { 20ms, 200ms}
    };

    /// Runs until it has been told of, or long after it would have been.
    void run_until_told(int times)
    {
        auto const late = std::chrono::steady_clock::now() + 10s;
        while (told < times && std::chrono::steady_clock::now() < late)
            control.run_one_for(100ms);
        BOOST_TEST(told == times);
    }
    /// A change that matters comes behind what was done: only that one is told of.
    void is_told_of_nothing_else(std::string const& that_matters)
    {
        run_until_told(told);
        auto const before = told;
        control.run_for(60ms); // what was told of wrongly would be by now
        BOOST_TEST(told == before);
        file(that_matters, "y");
        run_until_told(before + 1);
    }
    void put_link(std::string const& to, std::string const& name) const
    {
        fs::create_symlink(to, path(name + ".new"));
        fs::rename(path(name + ".new"), path(name));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(watching_files, watched)

BOOST_AUTO_TEST_CASE(a_file_that_is_written_or_replaced_is_told_of)
{
    one.watch({file("a/key.pem")});
    file("a/key.pem", "other");
    run_until_told(1);
    fs::rename(file("a/fresh"), path("a/key.pem"));
    run_until_told(2);
    fs::remove(path("a/key.pem"));
    run_until_told(3);
    file("a/key.pem");
    run_until_told(4);
}

BOOST_AUTO_TEST_CASE(changes_that_come_together_are_told_of_once)
{
    one.watch({file("a/chain.pem"), file("b/key.pem")});
    for (auto i = 0; i < 5; ++i) {
        file("a/chain.pem", "new");
        file("b/key.pem", "new");
    }
    run_until_told(1);
}

BOOST_AUTO_TEST_CASE(what_never_rests_is_told_of_all_the_same)
{
    one.watch({file("a/key.pem")});
    auto const late = std::chrono::steady_clock::now() + 10s;
    while (told == 0 && std::chrono::steady_clock::now() < late) {
        file("a/key.pem", "new");
        control.run_for(5ms);
    }
    BOOST_TEST(told > 0);
}

BOOST_AUTO_TEST_CASE(a_neighbour_is_nobody_s_business)
{
    one.watch({file("a/key.pem")});
    file("a/neighbour");
    is_told_of_nothing_else("a/key.pem");
}

BOOST_AUTO_TEST_CASE(a_link_that_leads_elsewhere_is_told_of_and_followed) // certbot
{
    file("archive/key1.pem");
    file("archive/key2.pem");
    fs::create_directory(path("live"));
    put_link("../archive/key1.pem", "live/key.pem");
    one.watch({path("live/key.pem")});
    put_link("../archive/key2.pem", "live/key.pem");
    run_until_told(1);
    file("archive/key1.pem", "old");
    is_told_of_nothing_else("archive/key2.pem");
}

BOOST_AUTO_TEST_CASE(a_directory_that_is_swapped_is_told_of_again_and_again) // Kubernetes
{
    file("tls/..1/tls.key");
    put_link("..1", "tls/..data");
    put_link("..data/tls.key", "tls/tls.key");
    one.watch({path("tls/tls.key")});
    for (auto i = 2; i < 5; ++i) {
        file("tls/.." + std::to_string(i) + "/tls.key");
        put_link(".." + std::to_string(i), "tls/..data");
        fs::remove_all(path("tls/.." + std::to_string(i - 1)));
        run_until_told(i - 1);
    }
}

BOOST_AUTO_TEST_CASE(what_comes_back_later_is_told_of)
{
    one.watch({file("a/key.pem")});
    fs::rename(path("a"), path("b"));
    run_until_told(1);
    fs::create_directory(path("a"));
    run_until_told(2);
    file("a/key.pem");
    run_until_told(3);
}

BOOST_AUTO_TEST_CASE(others_can_be_watched_in_their_place)
{
    one.watch({file("a/key.pem")});
    one.watch({file("b/key.pem")});
    file("a/key.pem", "new");
    is_told_of_nothing_else("b/key.pem");
    one.watch({});
    file("b/key.pem", "new");
    control.run_for(60ms);
    BOOST_TEST(told == 1);
    BOOST_TEST(said.str() == "");
}

BOOST_AUTO_TEST_SUITE_END()
