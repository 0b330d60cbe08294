#include "tests/simulator/token.hpp"

#include "tests/simulator/base64.hpp"

#include <boost/json.hpp>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>
#include <stdexcept>

namespace simulator {

namespace json = boost::json;

namespace {

bool flag(json::object const& from, std::string_view name)
{
    auto const* value = from.if_contains(name);
    return value != nullptr && value->is_bool() && value->get_bool();
}

std::optional<json::object> part(std::string_view text)
{
    auto const bytes = unbase64(text);
    if (!bytes) return {};
    json::error_code ec;
    auto const value = json::parse(*bytes, ec);
    if (ec || !value.is_object()) return {};
    return value.get_object();
}

} // namespace

std::string random_bytes(std::size_t bytes)
{
    std::string out(bytes, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(bytes)) != 1)
        throw std::runtime_error{"no random bytes"};
    return out;
}

std::string new_uuid()
{
    auto bytes = random_bytes(16);
    bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
    bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) out.push_back('-');
        constexpr std::string_view digits = "0123456789abcdef";
        auto const byte = static_cast<unsigned char>(bytes[i]);
        out.push_back(digits[byte >> 4]);
        out.push_back(digits[byte & 15]);
    }
    return out;
}

token_maker::token_maker()
    : key_{random_bytes(32)}, key_id_{"ssid_" + base64url(random_bytes(16))} {} // 16 bytes are 22 characters

std::string token_maker::signature(std::string_view signed_part) const
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned size = 0;
    auto const* data = reinterpret_cast<unsigned char const*>(signed_part.data());
    if (HMAC(
            EVP_sha256(),
            key_.data(),
            static_cast<int>(key_.size()),
            data,
            signed_part.size(),
            out.data(),
            &size) == nullptr)
        throw std::runtime_error{"HMAC failed"};
    return {reinterpret_cast<char const*>(out.data()), size};
}

std::string token_maker::mint(claims const& what) const
{
    json::object const header{
        {"alg", "HS256"},
        {"kid", key_id_},
        {"typ", "JWT"  },
    };
    json::object given;
    if (what.may.tts) given["tts"] = true;
    if (what.may.stt) given["stt"] = true;
    if (what.may.agent) given["agent"] = true;
    json::object payload{
        {"grants", std::move(given)         },
        {"jti",    base64(random_bytes(9))  },
        {"iat",    what.issued              },
        {"iss",    "https://api.cartesia.ai"},
        {"exp",    what.expires             },
    };
    if (what.session) payload["session"] = true;
    auto const signed_part = base64url(json::serialize(header)) + '.' + base64url(json::serialize(payload));
    return signed_part + '.' + base64url(signature(signed_part));
}

std::optional<claims> token_maker::read(std::string_view token, std::int64_t now) const
{
    auto const last = token.rfind('.');
    if (last == std::string_view::npos) return {};
    auto const signed_part = token.substr(0, last);
    auto const given = unbase64(token.substr(last + 1));
    auto const expected = signature(signed_part);
    if (!given || given->size() != expected.size()) return {};
    if (CRYPTO_memcmp(given->data(), expected.data(), expected.size()) != 0) return {};

    auto const dot = signed_part.find('.');
    if (dot == std::string_view::npos) return {};
    auto const payload = part(signed_part.substr(dot + 1));
    if (!payload) return {};
    auto const* issued = payload->if_contains("iat");
    auto const* expires = payload->if_contains("exp");
    auto const* given_grants = payload->if_contains("grants");
    if (issued == nullptr || expires == nullptr || given_grants == nullptr) return {};
    if (!issued->is_int64() || !expires->is_int64() || !given_grants->is_object()) return {};
    if (expires->get_int64() <= now) return {};
    auto const& may = given_grants->get_object();
    return claims{
        .may = {.tts = flag(may, "tts"), .stt = flag(may, "stt"), .agent = flag(may, "agent")},
        .issued = issued->get_int64(),
        .expires = expires->get_int64(),
        .session = flag(*payload, "session")
    };
}

} // namespace simulator
