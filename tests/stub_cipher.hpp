#pragma once
#include "policy/token.hpp"

namespace test {

/// A cipher that enciphers nothing: it says of everything that it worked, or that it did not, and counts what
/// it was asked to open.
class stub_cipher final : public policy::token_cipher {
public:
    explicit stub_cipher(bool works) noexcept : works_(works) {}

    [[nodiscard]] std::string_view sealing_key(policy::seconds_since_epoch) const noexcept override
    {
        return "test";
    }
    [[nodiscard]] bool seal(
        std::string_view,
        policy::nonce const&,
        std::string_view,
        std::span<std::uint8_t>,
        policy::aead_tag& tag) const noexcept override
    {
        tag = {};
        return works_;
    }
    [[nodiscard]] bool open(
        std::string_view,
        policy::nonce const&,
        std::string_view,
        std::span<std::uint8_t>,
        policy::aead_tag const&,
        policy::seconds_since_epoch) const noexcept override
    {
        ++asked;
        return works_;
    }

    mutable unsigned asked = 0;

private:
    bool works_;
};

} // namespace test
