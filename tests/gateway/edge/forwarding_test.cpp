#include "gateway/edge/forwarding.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace gateway;
using namespace gateway::edge;
namespace data = boost::unit_test::data;

namespace {

ip_address at(std::string_view text) { return read_ip_address(text).value(); }

std::vector<ip_network> const proxies{
    ip_network(at("10.0.0.0"), 104), ip_network(at("2001:db8:ffff::"), 48)};

/// Whom a request with these fields is from, by the word of 10.0.0.1, and `http` or `malformed` when refused.
std::string told_by(std::vector<std::string> const& lines, std::string_view peer = "10.0.0.1")
{
    std::vector<wire::field> fields;
    for (auto const& line : lines) {
        auto const colon = line.find(": ");
        auto const name = std::string_view(line).substr(0, colon);
        fields.push_back({name, std::string_view(line).substr(colon + 2), read_field_name(name)});
    }
    auto const got = introduced_by(at(peer), fields, proxies);
    if (!got.refused) return got.client.text();
    BOOST_TEST((got.refused == fault::not_https || got.refused == fault::malformed_forwarding));
    return got.client.text() + (got.refused == fault::not_https ? " http" : " malformed");
}

struct row {
    std::vector<std::string> fields;
    char const* told;
};

std::ostream& operator<<(std::ostream& out, row const& r)
{
    for (auto const& line : r.fields)
        out << line << " | ";
    return out;
}

std::vector<row> const rows{
    {{}, "10.0.0.1"},
    {{"X-Forwarded-For: 192.0.2.7"}, "192.0.2.7"},
    {{"X-Forwarded-For: 192.0.2.7, 10.1.2.3"}, "192.0.2.7"},
    {{"X-Forwarded-For: 192.0.2.7, 2001:db8:ffff::9, 10.1.2.3"}, "192.0.2.7"},
    {{"X-Forwarded-For: 6.6.6.6, 192.0.2.7"}, "192.0.2.7"}, // what the client wrote itself
    {{"X-Forwarded-For: 10.9.9.9, 192.0.2.7"}, "192.0.2.7"},
    {{"X-Forwarded-For: \"<script>, 192.0.2.7"}, "192.0.2.7"},
    {{"X-Forwarded-For: 6.6.6.6", "X-Forwarded-For: 192.0.2.7"}, "192.0.2.7"},
    {{"X-Forwarded-For: 10.7.7.7, 10.8.8.8"}, "10.7.7.7"}, // nobody but proxies
    {{"X-Forwarded-For: 6.6.6.6, unknown, 10.8.8.8"}, "10.8.8.8"},
    {{"X-Forwarded-For: 6.6.6.6, unknown"}, "10.0.0.1"},
    {{"X-Forwarded-For: 6.6.6.6, nonsense"}, "10.0.0.1 malformed"},
    {{"X-Forwarded-For: 6.6.6.6, nonsense, 10.8.8.8"}, "10.0.0.1 malformed"},
    {{"X-Forwarded-For: nonsense, 192.0.2.7, 10.8.8.8"}, "192.0.2.7"},
    {{"Forwarded: for=192.0.2.7"}, "192.0.2.7"},
    {{"Forwarded: for=6.6.6.6, for=192.0.2.7;proto=https, for=\"[2001:db8:ffff::9]:99\""}, "192.0.2.7"},
    {{"Forwarded: for=192.0.2.7, for=_hidden, for=10.8.8.8"}, "10.8.8.8"},
    {{"Forwarded: for=192.0.2.7, proto=https"}, "10.0.0.1"},
    {{"Forwarded: for=\"192.0.2.7"}, "10.0.0.1 malformed"},
    // who writes one of the two may pass the other on as it came
    {{"X-Forwarded-For: 192.0.2.7", "Forwarded: for=192.0.2.7"}, "192.0.2.7"},
    {{"X-Forwarded-For: 192.0.2.7", "Forwarded: for=6.6.6.6"}, "10.0.0.1 malformed"},
    {{"X-Forwarded-For: 6.6.6.6", "Forwarded: for=192.0.2.7"}, "10.0.0.1 malformed"},
    {{"X-Forwarded-For: 6.6.6.6", "Forwarded: for=_hidden"}, "10.0.0.1 malformed"},
    {{"X-Forwarded-For: 192.0.2.7", "Forwarded: for=\""}, "10.0.0.1 malformed"},
    {{"X-Forwarded-For: 192.0.2.7", "Forwarded: proto=https;host=x"}, "192.0.2.7"},
    // what is no proxy's business
    {{"X-Real-IP: 6.6.6.6", "X-Client-IP: 6.6.6.6", "X_Forwarded_For: 6.6.6.6", "Via: 1.1 6.6.6.6"}, "10.0.0.1"},
    // in clear
    {{"X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: https"}, "192.0.2.7"},
    {{"X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: http"}, "192.0.2.7 http"},
    {{"X-Forwarded-Proto: http"}, "10.0.0.1 http"},
    {{"Forwarded: for=192.0.2.7;proto=http"}, "192.0.2.7 http"},
    {{"Forwarded: for=192.0.2.7;proto=https, for=10.8.8.8;proto=http"}, "192.0.2.7 http"},
    {{"Forwarded: for=6.6.6.6;proto=http, for=192.0.2.7;proto=https"}, "192.0.2.7"}, // that is the client's word
    {{"Forwarded: proto=http"}, "10.0.0.1 http"},
    {{"X-Forwarded-For: nonsense", "X-Forwarded-Proto: http"}, "10.0.0.1 http"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(introductions)

BOOST_DATA_TEST_CASE(the_first_from_the_right_that_is_no_proxy_is_the_client, data::make(rows), r)
{
    BOOST_TEST(told_by(r.fields) == r.told);
}

BOOST_AUTO_TEST_CASE(so_many_proxies_may_stand_in_a_row_and_no_more)
{
    std::string chain = "X-Forwarded-For: 192.0.2.7";
    for (unsigned i = 1; i < proxies_in_a_row_max; ++i)
        chain += ", 10.0.0." + std::to_string(i);
    BOOST_TEST(told_by({chain}) == "192.0.2.7");
    BOOST_TEST(told_by({chain + ", 10.0.0.99"}) == "10.0.0.1 malformed");
    std::string endless = "X-Forwarded-For: 10.0.0.1";
    for (unsigned i = 0; i < 5'000; ++i)
        endless += ", 10.0.0.1";
    BOOST_TEST(told_by({endless}) == "10.0.0.1 malformed");
}

BOOST_AUTO_TEST_SUITE_END()
