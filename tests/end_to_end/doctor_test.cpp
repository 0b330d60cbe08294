// `voicegate doctor` before the simulator: what is well, and each thing that can be wrong with what to do
// about it.
#include "tests/end_to_end/support/stage.hpp"

#include <array>
#include <boost/json.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <ctime>
#include <filesystem>

using namespace e2e;
namespace data = boost::unit_test::data;

namespace {

struct consulting : scene {
    static constexpr int few_enough = 100; // for whatever number of descriptors there are here

    finished consult(std::string_view changes = "{}")
    {
        auto all = boost::json::parse(changes).as_object();
        all.emplace(
            "limits",
            boost::json::object{
                {"connections", few_enough}
        });
        auto const file =
            write_configuration(at.files, "doctor", upstream.port(), boost::json::serialize(all));
        return run({voicegate_program(), "doctor", "--config", file});
    }
    /// The simulator has no clock to show by itself.
    void show_time(std::time_t at_there)
    {
        std::array<char, 64> text{};
        std::tm parts{};
        gmtime_r(&at_there, &parts);
        std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
        upstream.faults(
            R"([{"path": "/", "times": -1, "do": "status", "status": 200, "headers": {"Date": ")" +
            std::string(text.data()) + R"("}}])");
    }
};

bool contains(std::string const& text, std::string_view part) { return text.find(part) != std::string::npos; }

struct ailment {
    char const* changes;
    char const* line;   ///< that tells of it
    char const* remedy; ///< that this line must name
};

std::ostream& operator<<(std::ostream& out, ailment const& one) { return out << one.line; }

// clang-format off
constexpr std::array ailments{
    ailment{R"({"upstream": {"url": "https://localhost:1"}})", "wrong  upstream: localhost:1 cannot be reached: connecting: ", "firewall"},
    ailment{R"({"upstream": {"ca_file": "other-ca.pem"}})", " cannot be trusted: TLS: ", "upstream.ca_file"},
    ailment{R"({"upstream": {"server_name": "api.example.com"}})", " cannot be trusted: TLS: ", "server_name"},
    ailment{R"({"upstream": {"api_key": {"file": "wrong.key"}}})", "wrong  key: no token was minted with it: the upstream answered 401", "make another one at Cartesia"},
    ailment{R"({"upstream": {"api_key": {"file": "none.key"}}})", "wrong  configuration: upstream.api_key.file: cannot read", ""},
    ailment{R"({"upstream": {"api_key": {"file": "open.key"}}})", "wrong  files: upstream.api_key.file: ", "chmod"},
    ailment{R"({"threads": 1024, "limits": {"connections": 1000000}})", "wrong  descriptors: ", "LimitNOFILE"},
    ailment{R"({"tokens": {"cookie": "token"}})", "wrong  cookie: token can be set by other hosts", "__Host-"},
    ailment{R"({"browsers": {"origins": ["https://app.example.com"]}})", "wrong  origins: browsers send no cookie for https://app.example.com", "give the gateway a name of that site"},
    ailment{R"({"tls": {"certificates": [{"chain": "old.pem", "key": "old.key"}]}})", "wrong  certificate: ", "renew it"},
};
// clang-format on

} // namespace

BOOST_FIXTURE_TEST_SUITE(doctor, consulting)

BOOST_AUTO_TEST_CASE(a_gateway_that_will_work_is_told_so)
{
    show_time(std::time(nullptr));
    auto const got = consult(R"({"browsers": {"origins": ["https://localhost:3000"]}})");
    BOOST_TEST(got.status == 0, got.output);
    for (auto const* line :
         {"ok     files: ",
          "ok     certificate: ",
          "ok     descriptors: ",
          "ok     cookie: __Host-cartesia_token",
          "ok     origins: https://localhost:3000",
          "ok     name: localhost is ",
          "ok     upstream: it answers over TLS, with a certificate for localhost",
          "ok     clock: ",
          "ok     key: the upstream mints tokens with it"})
        BOOST_TEST(contains(got.output, line), got.output);
    BOOST_TEST(!contains(got.output, "wrong"));
    BOOST_TEST(!contains(got.output + got.errors, simulator::api_key));
    BOOST_TEST(upstream.token_requests().size() == 1U);
}

BOOST_DATA_TEST_CASE(what_is_wrong_is_told_with_a_remedy, data::make(ailments), one)
{
    authority const other;
    other.write(at.files.path("other-ca.pem"));
    write_file(at.files.path("wrong.key"), "sk_car_canary_wrong");
    write_file(at.files.path("open.key"), simulator::api_key);
    std::filesystem::permissions(at.files.path("open.key"), std::filesystem::perms(0644));
    leaf expired;
    expired.valid_from_days = -20;
    expired.valid_for_days = 10;
    at.ca.issue(expired, at.files.path("old.pem"), at.files.path("old.key"));

    auto const got = consult(one.changes);
    BOOST_TEST(got.status == 1, got.output);
    auto const begin = got.output.find(one.line);
    BOOST_TEST_REQUIRE(begin != std::string::npos, got.output);
    BOOST_TEST(contains(got.output.substr(begin, got.output.find('\n', begin) - begin), one.remedy));
    BOOST_TEST(!contains(got.output + got.errors, "canary"));
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_wrong_is_told)
{
    constexpr std::time_t hour = 3600;
    show_time(std::time(nullptr) - hour);
    auto const ahead = consult();
    BOOST_TEST(ahead.status == 1);
    BOOST_TEST(contains(ahead.output, "wrong  clock: it is "));
    BOOST_TEST(contains(ahead.output, " ahead of the upstream's; set it"));
    show_time(std::time(nullptr) + hour);
    BOOST_TEST(contains(consult().output, " behind the upstream's; set it"));
    upstream.clear();
    auto const unknown = consult();
    BOOST_TEST(unknown.status == 0, unknown.output);
    BOOST_TEST(contains(unknown.output, "note   clock: "));
}

BOOST_AUTO_TEST_CASE(a_name_without_an_address_is_told)
{
    auto const no_label = std::string(64, 'x'); // longer than any can be, so that no name server is asked
    auto const got = consult(R"({"upstream": {"url": "https://)" + no_label + R"(.example"}})");
    BOOST_TEST(got.status == 1);
    BOOST_TEST(contains(got.output, "wrong  name: " + no_label + ".example has no address: "), got.output);
    BOOST_TEST(contains(got.output, "/etc/resolv.conf"));
}

BOOST_AUTO_TEST_CASE(a_configuration_that_does_not_read_is_78)
{
    BOOST_TEST(consult(R"({"listn": {}})").status == 78);
}

BOOST_AUTO_TEST_SUITE_END()
