#pragma once
#include "policy/jws.hpp"
#include "tests/policy/samples.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace test {

/// Stands for the keys that `certs` tests: one key with one algorithm, whose signature is a sum over the text
/// in which every bit counts. No cryptography.
class toy_verifier final : public policy::signature_verifier {
public:
    explicit toy_verifier(std::string key_id = "app-1", std::string algorithm = "ES256")
        : key_id_(std::move(key_id)), algorithm_(std::move(algorithm))
    {
    }

    verdict verify(
        std::optional<std::string_view> key_id,
        std::string_view algorithm,
        std::string_view signed_text,
        std::span<std::uint8_t const> signature) const noexcept override
    {
        ++verifications;
        if (algorithm != algorithm_ || (key_id && *key_id != key_id_)) return verdict::no_such_key;
        std::string_view const given{reinterpret_cast<char const*>(signature.data()), signature.size()};
        return given == signature_of(signed_text) ? verdict::good : verdict::bad_signature;
    }

    [[nodiscard]] std::string signature_of(std::string_view text) const
    {
        std::uint64_t state = 0xcbf29ce484222325; // FNV-1a
        std::string out;
        for (std::string_view const part : {std::string_view(key_id_), text, text, text, text})
            for (char c : part)
                state = (state ^ static_cast<unsigned char>(c)) * 0x100000001b3;
        for (int i = 0; i < 4; ++i, state *= 0x100000001b3)
            for (unsigned byte = 0; byte < 8; ++byte)
                out += static_cast<char>(state >> byte * 8U);
        return out;
    }

    [[nodiscard]] std::string token(std::string_view header, std::string_view payload) const
    {
        auto const text = base64url(header) + "." + base64url(payload);
        return text + "." + base64url(signature_of(text));
    }

    mutable unsigned verifications = 0;

private:
    std::string key_id_;
    std::string algorithm_;
};

inline constexpr std::string_view app_header = R"({"alg":"ES256","typ":"JWT","kid":"app-1"})";

/// All claims that a token of the app's may have, with `more` as the first members.
inline std::string app_payload(std::string_view more = "")
{
    return "{" + std::string(more) +
           R"("iss":"https://app.example","aud":"voice","sub":"user_7","jti":"j-1","sid":"s-1",)"
           R"("iat":1744749554,"nbf":1744749550,"exp":1744749614,"grants":{"tts":true,"stt":false}})";
}

} // namespace test
