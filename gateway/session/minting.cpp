#include "gateway/session/minting.hpp"

#include <array>
#include <utility>

namespace gateway::session {

std::string random_id(certs::random_source const& random)
{
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::array<std::uint8_t, 16> bytes{};
    random(bytes);
    std::string out;
    for (auto b : bytes)
        out += alphabet[b % alphabet.size()]; // 64 divides 256: every character is as likely as the others
    return out;
}

std::string mint_token(
    std::string subject,
    policy::grant_set grants,
    std::chrono::seconds lifetime,
    policy::seconds_since_epoch now,
    policy::token_cipher const& cipher,
    certs::random_source const& random)
{
    policy::claims about;
    about.jti = random_id(random);
    about.sid = random_id(random);
    about.sub = std::move(subject);
    about.grants = grants;
    about.issued_at = now;
    about.not_before = now;
    about.expires_at = now + lifetime;
    policy::nonce iv{};
    random(iv);
    return policy::seal(about, cipher, iv);
}

} // namespace gateway::session
