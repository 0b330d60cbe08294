#include "certs/base64url.hpp"
#include "certs/key_json.hpp"
#include "certs/openssl_error.hpp"
#include "certs/signature_key.hpp"

#include <boost/json.hpp>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <array>

namespace json = boost::json;

namespace certs {
namespace {

using big_number = owned<BIGNUM, BN_free>;
using key_context = owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using param_builder = owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using params = owned<OSSL_PARAM, OSSL_PARAM_free>;

constexpr std::size_t secret_bytes_min = 32; ///< RFC 7518 §3.2: no shorter than the hash
constexpr std::size_t id_bytes_max = 128;
constexpr int rsa_bits_min = 2048; ///< RFC 7518 §3.3
constexpr int rsa_bits_max = 4096; ///< a verification costs with the square of it
constexpr int exponent_bits_max = 64;

[[nodiscard]] bool has(json::object const& entry, std::string_view name)
{
    return entry.contains({name.data(), name.size()});
}

std::string bytes_in(json::object const& entry, std::string_view name, std::string const& where)
{
    auto bytes = from_base64url(text_of(entry, name, where));
    if (!bytes)
        refuse_key(where + "." + std::string(name), "must be base64url without padding (RFC 7515 §2)");
    return std::move(*bytes);
}

std::string coordinate_in(json::object const& entry, std::string_view name, std::string const& where)
{
    auto bytes = bytes_in(entry, name, where);
    if (bytes.size() != coordinate_bytes)
        refuse_key(where + "." + std::string(name), "must be 32 bytes, 43 characters");
    return bytes;
}

big_number number_in(json::object const& entry, std::string_view name, std::string const& where)
{
    auto const bytes = bytes_in(entry, name, where);
    big_number number{BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr)};
    require(number != nullptr, "memory");
    return number;
}

/// A public key from its parameters, checked (a point on the curve, a modulus that is no prime).
private_key import_public(char const* type, OSSL_PARAM_BLD* parts, std::string const& where)
{
    params const given{OSSL_PARAM_BLD_to_param(parts)};
    key_context const making{EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr)};
    require(given && making, "memory");
    EVP_PKEY* made = nullptr;
    auto const imported = EVP_PKEY_fromdata_init(making.get()) == 1 &&
                          EVP_PKEY_fromdata(making.get(), &made, EVP_PKEY_PUBLIC_KEY, given.get()) == 1;
    private_key key{made};
    key_context const checking{key ? EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr) : nullptr};
    auto const sound = imported && checking && EVP_PKEY_public_check(checking.get()) == 1;
    if (!sound) refuse_key(where, "is no sound public key (" + openssl_reason() + "); export it once more");
    return key;
}

signature_key_ptr read_ed25519(json::object const& entry, std::string id, std::string const& where)
{
    if (text_of(entry, "crv", where) != "Ed25519") refuse_key(where + ".crv", "must be \"Ed25519\"");
    auto const x = coordinate_in(entry, "x", where);
    private_key key{EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, bytes_of(x), x.size())};
    if (!key) refuse_key(where, "is no sound public key (" + openssl_reason() + "); export it once more");
    return make_ed25519_verifier(std::move(id), std::move(key));
}

signature_key_ptr read_p256(json::object const& entry, std::string id, std::string const& where)
{
    if (text_of(entry, "crv", where) != "P-256") refuse_key(where + ".crv", "must be \"P-256\"");
    auto const x = coordinate_in(entry, "x", where);
    auto const point = "\x04" + x + coordinate_in(entry, "y", where); // uncompressed (SEC 1 §2.3.3)
    param_builder const parts{OSSL_PARAM_BLD_new()};
    require(
        parts && OSSL_PARAM_BLD_push_utf8_string(parts.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) == 1 &&
            OSSL_PARAM_BLD_push_octet_string(
                parts.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) == 1,
        "memory");
    return make_p256_verifier(std::move(id), import_public("EC", parts.get(), where));
}

/// True for a modulus of the flawed Infineon library, whose factors can be found (CVE-2017-15361, "ROCA"): it
/// is a power of 65537 modulo every small prime. By chance one key in 200 million is.
bool is_factorable(BIGNUM const* modulus)
{
    constexpr std::array<unsigned, 38> primes{3,   5,   7,   11,  13,  17,  19,  23,  29,  31,  37,  41,  43,
                                              47,  53,  59,  61,  67,  71,  73,  79,  83,  89,  97,  101, 103,
                                              107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167};
    return std::ranges::all_of(primes, [&](unsigned prime) {
        auto const rest = BN_mod_word(modulus, prime);
        unsigned power = 1;
        do {
            if (power == rest) return true;
            power = power * 65537U % prime;
        } while (power != 1);
        return false;
    });
}

signature_key_ptr read_rsa(json::object const& entry, std::string id, std::string const& where)
{
    auto const n = number_in(entry, "n", where);
    auto const e = number_in(entry, "e", where);
    auto const bits = BN_num_bits(n.get());
    if (bits < rsa_bits_min || bits > rsa_bits_max)
        refuse_key(where + ".n", "must have 2048 to 4096 bits, not " + std::to_string(bits));
    if (is_factorable(n.get()))
        refuse_key(where + ".n", "comes from a flawed generator (CVE-2017-15361); make another key");
    if (BN_is_odd(e.get()) == 0 || BN_is_one(e.get()) != 0 || BN_num_bits(e.get()) > exponent_bits_max)
        refuse_key(where + ".e", "must be an odd number from 3 to 64 bits long; \"AQAB\" is the usual one");
    param_builder const parts{OSSL_PARAM_BLD_new()};
    require(
        parts && OSSL_PARAM_BLD_push_BN(parts.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) == 1 &&
            OSSL_PARAM_BLD_push_BN(parts.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) == 1,
        "memory");
    return make_rsa_verifier(std::move(id), import_public("RSA", parts.get(), where));
}

signature_key_ptr read_hmac(json::object const& entry, std::string id, std::string const& where)
{
    secret const key(bytes_in(entry, "k", where));
    if (key.reveal().size() < secret_bytes_min)
        refuse_key(where + ".k", "must be 32 random bytes or more (RFC 7518 §3.2)");
    return make_hmac_verifier(std::move(id), key);
}

struct key_type {
    std::string_view name;
    std::string_view algorithm;
    bool symmetric;
    signature_key_ptr (*read)(json::object const&, std::string, std::string const&);
};

constexpr std::array key_types{
    key_type{"OKP", "EdDSA", false, read_ed25519},
    key_type{"EC",  "ES256", false, read_p256   },
    key_type{"RSA", "RS256", false, read_rsa    },
    key_type{"oct", "HS256", true,  read_hmac   },
};

key_type const& type_of(json::object const& entry, std::string const& where)
{
    auto const name = text_of(entry, "kty", where);
    auto const* const found = std::ranges::find(key_types, name, &key_type::name);
    if (found == key_types.end()) refuse_key(where + ".kty", R"(must be "OKP", "EC", "RSA" or "oct")");
    return *found;
}

/// What the key says of its use must be ours (RFC 7517 §4.2 to §4.4).
void check_purpose(json::object const& entry, key_type const& type, std::string const& where)
{
    if (has(entry, "use") && text_of(entry, "use", where) != "sig")
        refuse_key(where + ".use", "must be \"sig\": a key for something else verifies nothing here");
    if (has(entry, "alg") && text_of(entry, "alg", where) != type.algorithm)
        refuse_key(where + ".alg", "must be \"" + std::string(type.algorithm) + "\" for a key of this type");
    if (auto const* member = entry.if_contains("key_ops")) {
        auto const* const all = member->if_array();
        auto const is_verify = [](json::value const& one) {
            auto const* const text = one.if_string();
            return text != nullptr && *text == "verify";
        };
        if (all == nullptr || std::ranges::none_of(*all, is_verify))
            refuse_key(where + ".key_ops", "must be an array with \"verify\" in it");
    }
}

void refuse_private_parts(json::object const& entry, std::string const& where)
{
    for (std::string_view part : {"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
        if (has(entry, part))
            refuse_key(
                where + "." + std::string(part),
                "is a part of a private key, which must not leave the app; put the public key here, and make "
                "a new pair if others could read this file");
}

std::string id_of(json::object const& entry, std::string const& where)
{
    if (!has(entry, "kid")) return {};
    auto const id = text_of(entry, "kid", where);
    if (id.empty() || id.size() > id_bytes_max)
        refuse_key(where + ".kid", "must be 1 to 128 bytes; leave it out if the key has none");
    return std::string(id);
}

} // namespace

signature_key_ptr import_signature_key(json::object const& entry, std::string const& where)
{
    auto const& type = type_of(entry, where);
    check_purpose(entry, type, where);
    if (!type.symmetric) refuse_private_parts(entry, where);
    return type.read(entry, id_of(entry, where), where);
}

} // namespace certs
