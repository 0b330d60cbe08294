#include "certs/keyring.hpp"

#include "certs/base64url.hpp"
#include "certs/random.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <new>
#include <stdexcept>
#include <utility>

namespace json = boost::json;

namespace certs {
namespace {

constexpr std::size_t keys_max = 16;
constexpr std::size_t id_bytes_max = 32;
constexpr std::size_t text_bytes_max = 1U << 16U;
constexpr std::size_t new_id_random_bytes = 6; // 8 characters: the id is in every token

/// Memory that is overwritten when it is given back, for JSON that holds keys.
class wiping_resource final : public json::memory_resource {
    void* do_allocate(std::size_t bytes, std::size_t alignment) override
    {
        return ::operator new (bytes, std::align_val_t{alignment});
    }
    void do_deallocate(void* memory, std::size_t bytes, std::size_t alignment) override
    {
        wipe({static_cast<char*>(memory), bytes});
        ::operator delete (memory, std::align_val_t{alignment});
    }
    bool do_is_equal(json::memory_resource const& other) const noexcept override { return this == &other; }
};

[[noreturn]] void fail(std::string const& where, std::string_view problem)
{
    throw std::runtime_error("key set: " + where + ": " + std::string(problem));
}

json::value parse(std::string_view text, json::storage_ptr const& memory)
{
    if (text.size() > text_bytes_max) fail("file", "over 64 KiB; a key set has at most 16 keys");
    json::parser parser{memory}; // its scratch space, too, holds key bytes
    parser.reset(memory);
    json::error_code ec;
    parser.write({text.data(), text.size()}, ec);
    if (ec) fail("file", "is not JSON (" + ec.message() + "); make one with `voicegate keygen`");
    return parser.release();
}

std::string_view text_of(json::object const& entry, std::string_view name, std::string const& where)
{
    auto const* member = entry.if_contains({name.data(), name.size()});
    auto const* text = member != nullptr ? member->if_string() : nullptr;
    if (text == nullptr) fail(where + "." + std::string(name), "must be there and be a string (RFC 7517 §4)");
    return {text->data(), text->size()};
}

key_material read_key(json::value const& value, std::string const& where)
{
    auto const* entry = value.if_object();
    if (entry == nullptr) fail(where, "must be an object (RFC 7517 §4)");
    if (text_of(*entry, "kty", where) != "oct")
        fail(where + ".kty", "must be \"oct\": keys here are symmetric");
    if (text_of(*entry, "alg", where) != "A256GCM") fail(where + ".alg", "must be \"A256GCM\"");

    auto const id = text_of(*entry, "kid", where);
    if (id.empty() || id.size() > id_bytes_max || !std::ranges::all_of(id, is_base64url_character))
        fail(where + ".kid", "must be 1 to 32 characters of A-Z a-z 0-9 - _");

    auto bytes = from_base64url(text_of(*entry, "k", where));
    if (!bytes) fail(where + ".k", "must be base64url without padding (RFC 7518 §6.4.1)");
    key_material key{std::string(id), secret(std::move(*bytes))};
    if (key.key.reveal().size() != aead_key::key_bytes)
        fail(where + ".k", "must be 32 bytes, 43 characters; make one with `voicegate keygen`");
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
    auto const document = parse(json_text, &memory);
    auto const* object = document.if_object();
    auto const* member = object != nullptr ? object->if_contains("keys") : nullptr;
    auto const* entries = member != nullptr ? member->if_array() : nullptr;
    if (entries == nullptr) fail("keys", "must be an array (RFC 7517 §5); make one with `voicegate keygen`");
    if (entries->empty()) fail("keys", "is empty; make a key with `voicegate keygen`");
    if (entries->size() > keys_max) fail("keys", "has over 16 entries; remove the last, oldest ones");

    std::vector<key_material> keys;
    for (auto const& entry : *entries) {
        auto const where = "keys[" + std::to_string(keys.size()) + "]";
        auto key = read_key(entry, where);
        if (std::ranges::find(keys, key.id, &key_material::id) != keys.end())
            fail(where + ".kid", "is the kid of an earlier entry, too; remove one of them");
        keys.push_back(std::move(key));
    }
    return keys;
}

std::string key_set_with_new_key(std::string_view existing, std::size_t keep)
{
    if (keep == 0 || keep > keys_max) throw std::runtime_error("key set: keep 1 to 16 keys");
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
