#include "certs/keyring.hpp"
#include "certs/signature_keys.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/fuzz/targets.hpp"

#include <boost/json/parse.hpp>

#include <array>
#include <stdexcept>
#include <string>

namespace fuzz {
namespace {

namespace json = boost::json;

/// No message holds a part of a key.
void check_message(std::string_view message, json::value const& in)
{
    if (auto const* array = in.if_array())
        for (auto const& value : *array)
            check_message(message, value);
    auto const* const object = in.if_object();
    if (!object) return;
    for (auto const& [name, value] : *object) {
        check_message(message, value);
        auto const is_secret = name == "k" || name == "d" || name == "p" || name == "q";
        if (!is_secret || !value.is_string() || value.get_string().size() < 20) continue;
        auto const& text = value.get_string();
        if (text.find(' ') != text.npos) continue; // no key, but it may be our own words
        promise(message.find({text.data(), text.size()}) == std::string_view::npos, "no message holds a key");
    }
}

template <class Read>
void check(std::string_view bytes, Read read)
{
    try {
        read();
    } catch (std::runtime_error const& refused) {
        json::error_code ec;
        auto const value = json::parse({bytes.data(), bytes.size()}, ec);
        promise(refused.what()[0] != '\0', "what is refused is told");
        if (!ec) check_message(refused.what(), value);
    }
}

void verify_nothing(certs::signature_keys const& keys)
{
    constexpr std::array<std::uint8_t, 64>
        zeros{}; // not under Ed25519: whoever chooses the key can have them signed
    for (std::string_view algorithm : {"HS256", "ES256"})
        for (std::size_t size : {0U, 32U, 64U})
            promise(
                keys.verify({}, algorithm, "text", std::span(zeros).first(size)) !=
                    certs::signature_keys::verdict::good,
                "zeros are no signature");
}

} // namespace

/// JWK Sets, of the gateway's own file and of what an app publishes.
void key_set(std::string_view bytes)
{
    check(bytes, [&] {
        auto const keys = certs::read_key_set(bytes);
        promise(!keys.empty() && keys.size() <= 16, "a set has 1 to 16 keys");
        for (auto const& one : keys) {
            promise(one.key.reveal().size() == certs::aead_key::key_bytes, "a key has its size");
            promise(!one.id.empty() && one.id.size() <= 32, "a key has an id");
        }
    });
    using from = certs::signature_keys;
    check(bytes, [&] { verify_nothing(from(bytes, from::unusable::refused)); });
    check(bytes, [&] {
        from const keys(bytes, from::unusable::passed_over);
        promise(keys.size() > 0 && !keys.hold_secrets(), "what is published holds no secret");
        verify_nothing(keys);
    });
}

} // namespace fuzz
