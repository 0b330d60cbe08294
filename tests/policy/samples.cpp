#include "tests/policy/samples.hpp"

#include "policy/base64url.hpp"

#include <array>
#include <ostream>

namespace policy {

std::ostream& operator<<(std::ostream& out, denial why) { return out << log_name(why); }
std::ostream& operator<<(std::ostream& out, token_kind kind)
{
    constexpr std::array<std::string_view, 3> names{"sealed", "cartesia", "signed_by_app"};
    return out << names.at(static_cast<std::size_t>(kind));
}
std::ostream& operator<<(std::ostream& out, method m)
{
    return out << (m == method::other ? "other" : name(m));
}
std::ostream& operator<<(std::ostream& out, transport over)
{
    return out << (over == transport::http ? "http" : "websocket");
}
std::ostream& operator<<(std::ostream& out, credential_source from) { return out << log_name(from); }

} // namespace policy

namespace test {

policy::claims sample_claims(policy::grant_set grants)
{
    return {
        .jti = "jti-0123456789abcdefgh",
        .sid = "sid-0123456789abcdefgh",
        .sub = "user_2f4c9a1e",
        .grants = grants,
        .issued_at = at(1'744'749'554),
        .not_before = at(1'744'749'554),
        .expires_at = at(1'744'749'614)};
}

std::string base64url(std::string_view bytes)
{
    std::string out;
    policy::base64url::append(out, {reinterpret_cast<std::uint8_t const*>(bytes.data()), bytes.size()});
    return out;
}

std::string jws(std::string_view header, std::string_view payload)
{
    return base64url(header) + '.' + base64url(payload) + '.' + base64url("0123456789 signature 9876543210!");
}

std::string cartesia_payload(std::string_view grants)
{
    return R"({"grants":)" + std::string(grants) +
           R"(,"jti":"2Bz7q0ZUDMAo","iat":1744749554,"iss":"https://api.cartesia.ai","exp":1744749614})";
}

std::string cartesia_token(std::string_view grants) { return jws(cartesia_header, cartesia_payload(grants)); }

} // namespace test
