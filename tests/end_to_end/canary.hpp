/// Secrets that a test drives through the gateway, and the places where they must not be afterwards.
#pragma once
#include "tests/end_to_end/support/simulator.hpp"

#include <boost/test/unit_test.hpp>

namespace e2e {

inline void lacks(std::string_view where, std::string_view text, std::string_view secret)
{
    BOOST_TEST(text.find(secret) == std::string_view::npos, where << " holds " << secret);
}

/// What the gateway lent to requests that went up.
inline std::vector<std::string> upstream_credentials(simulator const& upstream)
{
    std::vector<std::string> out;
    for (auto const& seen : upstream.requests())
        if (seen.value("authorization").starts_with("Bearer "))
            out.push_back(seen.value("authorization").substr(7));
    return out;
}

} // namespace e2e
