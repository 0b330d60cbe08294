#pragma once
#include "policy/judge.hpp"
#include "tests/stub_cipher.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>

namespace test {

/// Makes admissions, as only a judge can.
class court {
public:
    [[nodiscard]] policy::admission
    admit(std::string_view method, std::string_view target, bool websocket) const
    {
        policy::claims all;
        all.jti = "j";
        all.sid = "s";
        all.grants = {policy::grant::tts, policy::grant::stt, policy::grant::agent};
        all.expires_at = policy::seconds_since_epoch(std::chrono::seconds(1000));
        authorization_ = "Bearer " + policy::seal(all, cipher_, {}, {});
        policy::request of;
        of.verb = policy::read_method(method);
        of.raw_target = target;
        of.over = websocket ? policy::transport::websocket : policy::transport::http;
        of.authorization = authorization_;
        auto verdict =
            policy::judge(settings_, routes_, cipher_).decide(of, policy::revocation_list(1, {}), {});
        BOOST_REQUIRE(verdict.has_value());
        return *verdict;
    }

private:
    policy::judge_settings settings_;
    policy::route_table routes_;
    stub_cipher cipher_{true};
    mutable std::string authorization_;
};

} // namespace test
