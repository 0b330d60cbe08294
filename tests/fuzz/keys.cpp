#include "tests/fuzz/keys.hpp"

#include "gateway/base/token_cipher.hpp"

namespace fuzz {

policy::token_cipher const& cipher()
{
    static gateway::published<certs::key_set> const keys(std::make_shared<
                                                         certs::key_set const>(certs::read_key_set(
        R"({"keys":[{"kty":"oct","alg":"A256GCM","kid":"k1","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}]})")));
    static gateway::token_cipher const cipher(keys);
    return cipher;
}

policy::claims good_claims()
{
    using policy::grant;
    return {
        .jti = "jti-0123456789abcdefgh",
        .sid = "sid-0123456789abcdefgh",
        .sub = "user_2f4c9a1e",
        .grants = {grant::tts,    grant::stt, grant::agent},
        .issued_at = now - std::chrono::seconds{46},
        .not_before = now - std::chrono::seconds{46           },
        .expires_at = now + std::chrono::seconds{14           }
    };
}

std::string const& good_token()
{
    static auto const token = policy::seal(good_claims(), cipher(), policy::nonce{1, 2, 3}, now);
    return token;
}

std::string replaced(std::string text, std::string_view what, std::string_view by)
{
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
    return text;
}

} // namespace fuzz
