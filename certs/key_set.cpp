#include "certs/keyring.hpp"

#include "certs/base64url.hpp"
#include "certs/key_json.hpp"
#include "certs/random.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace json = boost::json;

namespace certs {
namespace {

constexpr std::size_t id_bytes_max = 32;
constexpr std::size_t new_id_random_bytes = 6; // 8 characters: the id is in every token
constexpr std::string_view remedy = "make one with `voicegate keygen`";

key_material read_key(json::value const& value, std::string const& where)
{
    auto const& entry = as_key(value, where);
    if (text_of(entry, "kty", where) != "oct")
        refuse_key(where + ".kty", "must be \"oct\": keys here are symmetric");
    if (text_of(entry, "alg", where) != "A256GCM") refuse_key(where + ".alg", "must be \"A256GCM\"");

    auto const id = text_of(entry, "kid", where);
    if (id.empty() || id.size() > id_bytes_max || !std::ranges::all_of(id, is_base64url_character))
        refuse_key(where + ".kid", "must be 1 to 32 characters of A-Z a-z 0-9 - _");

    auto bytes = from_base64url(text_of(entry, "k", where));
    if (!bytes) refuse_key(where + ".k", "must be base64url without padding (RFC 7518 §6.4.1)");
    key_material key{std::string(id), secret(std::move(*bytes))};
    if (key.key.reveal().size() != aead_key::key_bytes)
        refuse_key(where + ".k", "must be 32 bytes, 43 characters; make one with `voicegate keygen`");
    return key;
}

std::string new_id(std::vector<key_material> const& taken)
{
    std::array<std::uint8_t, new_id_random_bytes> bytes{};
    for (;;) {
        system_random(bytes);
        auto id = to_base64url(bytes);
        if (std::ranges::find(taken, id, &key_material::id) == taken.end()) return id;
    }
}

secret new_key()
{
    std::string bytes(aead_key::key_bytes, '\0');
    system_random({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
    return secret(std::move(bytes));
}

void append_key(std::string& text, key_material const& key)
{
    auto const bytes = key.key.reveal();
    auto encoded = to_base64url({reinterpret_cast<std::uint8_t const*>(bytes.data()), bytes.size()});
    text += "    {\"kty\": \"oct\", \"kid\": \"";
    text += key.id;
    text += "\", \"use\": \"enc\", \"alg\": \"A256GCM\", \"k\": \"";
    text += encoded;
    text += "\"}";
    wipe(encoded);
}

} // namespace

std::vector<key_material> read_key_set(std::string_view json_text)
{
    wiping_resource memory;
    auto const document = parse_key_json(json_text, &memory, remedy);

    std::vector<key_material> keys;
    for (auto const& entry : entries_of(document, remedy)) {
        auto const where = "keys[" + std::to_string(keys.size()) + "]";
        auto key = read_key(entry, where);
        if (std::ranges::find(keys, key.id, &key_material::id) != keys.end())
            refuse_key(where + ".kid", "is the kid of an earlier entry, too; remove one of them");
        keys.push_back(std::move(key));
    }
    return keys;
}

std::string key_set_with_new_key(std::string_view existing, std::size_t keep)
{
    if (keep == 0 || keep > keys_in_set_max) throw std::runtime_error("key set: keep 1 to 16 keys");
    std::vector<key_material> keys;
    if (!existing.empty()) keys = read_key_set(existing);
    auto id = new_id(keys);
    keys.insert(keys.begin(), key_material{std::move(id), new_key()});
    if (keys.size() > keep) keys.erase(keys.begin() + static_cast<std::ptrdiff_t>(keep), keys.end());

    constexpr std::size_t line_bytes_max = 192;
    std::string text;
    text.reserve(
        (keys.size() + 1) * line_bytes_max); // never grows: growing would leave copies of keys behind
    text += "{\n  \"keys\": [\n";
    for (auto const& key : keys) {
        append_key(text, key);
        text += &key == &keys.back() ? "\n" : ",\n";
    }
    text += "  ]\n}\n";
    return text;
}

} // namespace certs
