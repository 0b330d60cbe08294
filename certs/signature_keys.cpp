#include "certs/signature_keys.hpp"

#include "certs/key_json.hpp"
#include "certs/signature_key.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <stdexcept>

namespace certs {
namespace {

constexpr std::string_view remedy = "put the app's public keys there (RFC 7517)";

}

signature_keys::signature_keys() noexcept = default;

signature_keys::signature_keys(std::string_view jwk_set, unusable entries)
{
    wiping_resource memory;
    auto const document = parse_key_json(jwk_set, &memory, remedy);
    std::size_t index = 0;
    for (auto const& entry : entries_of(document, remedy)) {
        auto const where = "keys[" + std::to_string(index++) + "]";
        signature_key_ptr key;
        try {
            key = import_signature_key(as_key(entry, where), where);
        } catch (std::runtime_error const&) {
            if (entries == unusable::refused) throw;
            continue;
        }
        if (entries == unusable::passed_over && key->is_secret())
            refuse_key(where, "is a secret; what is published must be public keys");
        take(std::move(key), where);
    }
    if (keys_.empty()) refuse_key("keys", "has no key that verifies EdDSA, ES256 or RS256");
}

void signature_keys::take(std::unique_ptr<signature_key const> key, std::string const& where)
{
    auto const same = [&](auto const& other) { return !key->id().empty() && other->id() == key->id(); };
    if (std::ranges::any_of(keys_, same))
        refuse_key(where + ".kid", "is the kid of an earlier entry, too; remove one of them");
    keys_.push_back(std::move(key));
}

signature_keys::signature_keys(signature_keys&&) noexcept = default;
signature_keys& signature_keys::operator=(signature_keys&&) noexcept = default;
signature_keys::~signature_keys() = default;

signature_key const*
signature_keys::find(std::optional<std::string_view> key_id, std::string_view algorithm) const noexcept
{
    signature_key const* found = nullptr;
    for (auto const& key : keys_) {
        if (key->algorithm() != algorithm) continue; // the key's, never the header's (RFC 8725 §3.1)
        if (key_id && key->id() == *key_id) return key.get();
        if (key_id) continue;
        if (found != nullptr)
            return nullptr; // trying one after the other would let a signer's kid be ignored
        found = key.get();
    }
    return found;
}

signature_keys::verdict signature_keys::verify(
    std::optional<std::string_view> key_id,
    std::string_view algorithm,
    std::string_view signed_text,
    std::span<std::uint8_t const> signature) const noexcept
{
    if (key_id && key_id->empty()) return verdict::no_such_key; // as if a key without a name were called so
    auto const* key = find(key_id, algorithm);
    if (key == nullptr) return verdict::no_such_key;
    return key->verify(signed_text, signature) ? verdict::good : verdict::bad_signature;
}

std::size_t signature_keys::size() const noexcept { return keys_.size(); }

bool signature_keys::hold_secrets() const noexcept
{
    return std::ranges::any_of(keys_, [](auto const& key) { return key->is_secret(); });
}

} // namespace certs
