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

/// The end of the year 9999, the last that dates are written of.
constexpr std::int64_t time_max = 253'402'300'799;

/// Leaves `out` when there is no such member.
void read_time(
    json::object const& entry, std::string_view name, std::string const& where, std::chrono::sys_seconds& out)
{
    auto const* member = entry.if_contains({name.data(), name.size()});
    if (member == nullptr) return;
    auto const* number = member->if_int64();
    if (number == nullptr || *number < 0 || *number > time_max)
        refuse_key(
            where + "." + std::string(name),
            "must be a whole number, the seconds since 1970-01-01 00:00 UTC");
    out = std::chrono::sys_seconds(std::chrono::seconds(*number));
}

key_term read_term(json::object const& entry, std::string const& where)
{
    key_term term;
    read_time(entry, "nbf", where, term.not_before);
    read_time(entry, "exp", where, term.not_after);
    if (term.not_before >= term.not_after)
        refuse_key(where + ".exp", "must be later than nbf, or the key is never used");
    return term;
}

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
    key_material key{std::string(id), secret(std::move(*bytes)), read_term(entry, where)};
    if (key.key.reveal().size() != aead_key::key_bytes)
        refuse_key(where + ".k", "must be 32 bytes, 43 characters; make one with `voicegate keygen`");
    return key;
}

std::string new_id(key_set const& taken)
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
    text += '"';
    wipe(encoded);
    auto const append_time = [&](std::string_view member, std::chrono::sys_seconds at) {
        text += member;
        text += std::to_string(at.time_since_epoch().count());
    };
    constexpr key_term always;
    if (key.term.not_before != always.not_before) append_time(", \"nbf\": ", key.term.not_before);
    if (key.term.not_after != always.not_after) append_time(", \"exp\": ", key.term.not_after);
    text += '}';
}

} // namespace

key_set read_key_set(std::string_view json_text)
{
    wiping_resource memory;
    auto const document = parse_key_json(json_text, &memory, remedy);

    key_set keys;
    for (auto const& entry : entries_of(document, remedy)) {
        auto const where = "keys[" + std::to_string(keys.size()) + "]";
        auto key = read_key(entry, where);
        if (std::ranges::find(keys, key.id, &key_material::id) != keys.end())
            refuse_key(where + ".kid", "is the kid of an earlier entry, too; remove one of them");
        keys.push_back(std::move(key));
    }
    return keys;
}

std::string key_set_with_new_key(
    std::string_view existing, key_term const& term, std::size_t keep, std::chrono::sys_seconds now)
{
    if (keep == 0 || keep > keys_in_set_max) throw std::runtime_error("key set: keep 1 to 16 keys");
    key_set keys;
    if (!existing.empty()) keys = read_key_set(existing);
    std::erase_if(keys, [now](auto const& key) { return !key.term.opens_at(now); });
    auto id = new_id(keys);
    keys.insert(keys.begin(), key_material{std::move(id), new_key(), term});
    if (keys.size() > keep) keys.erase(keys.begin() + static_cast<std::ptrdiff_t>(keep), keys.end());

    constexpr std::size_t line_bytes_max = 256;
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

std::chrono::sys_seconds sealing_ends(key_set const& keys, std::chrono::sys_seconds now) noexcept
{
    auto end = now;
    auto const extends = [&](key_material const& key) { return key.term.seals_at(end); };
    // Each step ends with a key that was active at its begin, so none is taken twice.
    for (auto at = std::ranges::find_if(keys, extends); at != keys.end();
         at = std::ranges::find_if(keys, extends))
        end = at->term.not_after;
    return end;
}

} // namespace certs
