#pragma once
#include "policy/denial.hpp"
#include "policy/judge.hpp"
#include "policy/token.hpp"

#include <iosfwd>
#include <string>
#include <string_view>

namespace policy {

// For the messages of Boost.Test.
std::ostream& operator<<(std::ostream& out, denial why);
std::ostream& operator<<(std::ostream& out, token_kind kind);
std::ostream& operator<<(std::ostream& out, method m);
std::ostream& operator<<(std::ostream& out, transport over);
std::ostream& operator<<(std::ostream& out, credential_source from);

} // namespace policy

namespace test {

constexpr policy::seconds_since_epoch at(std::int64_t seconds)
{
    return policy::seconds_since_epoch{std::chrono::seconds{seconds}};
}

/// The moment at which tests judge; the sample tokens are good then.
inline constexpr auto now = at(1'744'749'600);

inline constexpr std::string_view issuer = "https://api.cartesia.ai";

/// Ids and a subject of ordinary length, issued 46 seconds ago, good for a minute.
policy::claims sample_claims(policy::grant_set grants = {policy::grant::tts});

std::string base64url(std::string_view bytes);

/// A JWS of these parts; its signature is 32 bytes that nobody can verify.
std::string jws(std::string_view header, std::string_view payload);

inline constexpr std::string_view cartesia_header = R"({"alg":"HS256","kid":"ssid_0123456789abcdefghijkl"})";

/// A payload as in the documentation's sample (contract §4), with `grants` as its JSON.
std::string cartesia_payload(std::string_view grants = R"({"tts":true})");

std::string cartesia_token(std::string_view grants = R"({"tts":true})");

} // namespace test
