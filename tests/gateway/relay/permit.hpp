#pragma once
#include "policy/judge.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>

namespace test {

/// A cipher that seals nothing: enough to make tokens for tests of what happens after the verdict.
class open_cipher final : public policy::token_cipher {
public:
    [[nodiscard]] std::string_view sealing_key() const noexcept override { return "test"; }
    [[nodiscard]] bool
    seal(policy::nonce const&, std::string_view, std::span<std::uint8_t>, policy::aead_tag& tag)
        const noexcept override
    {
        tag = {};
        return true;
    }
    [[nodiscard]] bool open(
        std::string_view,
        policy::nonce const&,
        std::string_view,
        std::span<std::uint8_t>,
        policy::aead_tag const&) const noexcept override
    {
        return true;
    }
};

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
        authorization_ = "Bearer " + policy::seal(all, cipher_, {});
        policy::request of;
        of.verb = policy::read_method(method);
        of.raw_target = target;
        of.over = websocket ? policy::transport::websocket : policy::transport::http;
        of.authorization = authorization_;
        auto verdict = policy::judge(settings_, routes_, cipher_).decide(of, policy::revocation_list(1), {});
        BOOST_REQUIRE(verdict.has_value());
        return *verdict;
    }

private:
    policy::judge_settings settings_;
    policy::route_table routes_;
    open_cipher cipher_;
    mutable std::string authorization_;
};

} // namespace test
