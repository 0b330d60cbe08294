// The vectors of Project Wycheproof (C2SP/wycheproof, testvectors_v1, commit dac1dd4, Apache-2.0) for JSON
// Web Signature, Key and Encryption, as facts in tests/data/wycheproof_*.jsonl. Each is run, or counted under
// the reason for which it cannot say anything about this gateway.
#include "certs/base64url.hpp"
#include "certs/keyring.hpp"
#include "gateway/base/signature_verifier.hpp"
#include "policy/jws.hpp"
#include "policy/token.hpp"
#include "tests/gateway/base/json_rows.hpp"
#include "tests/stub_cipher.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <map>

using namespace gateway;
namespace json = boost::json;
using test::rows_of;
using test::text_in;

namespace {

/// What became of the vectors of one file.
struct tally {
    unsigned passed = 0;
    unsigned failed = 0;
    std::map<std::string, unsigned> not_applicable;

    void note(bool as_wanted, json::object const& row)
    {
        ++(as_wanted ? passed : failed);
        BOOST_TEST(as_wanted, "vector " << row.at("id") << ": " << row.at("note"));
    }
    void tell(std::string_view file) const
    {
        unsigned left_out = 0;
        for (auto const& [why, count] : not_applicable)
            left_out += count;
        BOOST_TEST_MESSAGE(
            file << ": " << passed + failed << " run, " << passed << " passed, " << left_out
                 << " not applicable");
        for (auto const& [why, count] : not_applicable)
            BOOST_TEST_MESSAGE("    " << count << ": " << why);
    }
};

/// The keys of a JWK Set, or nothing when it is refused.
std::shared_ptr<certs::signature_keys const> keys_of(json::value const& set)
{
    try {
        return std::make_shared<certs::signature_keys const>(json::serialize(set));
    } catch (std::runtime_error const&) {
        return nullptr;
    }
}

bool accepts(std::shared_ptr<certs::signature_keys const> const& keys, std::string_view text)
{
    if (!keys) return false;
    published<certs::signature_keys> const shared(keys);
    signature_verifier const verifier(shared);
    std::array<std::uint8_t, policy::token_bytes_max> payload;
    return policy::open_jws(text, verifier, payload).has_value();
}

/// Why a vector under a key of this algorithm says nothing of us; empty: it does.
std::string other_algorithm(json::object const& key)
{
    constexpr std::array<std::string_view, 4> ours{"", "HS256", "ES256", "RS256"};
    auto const named = text_in(key, "alg");
    if (std::ranges::find(ours, named) != ours.end()) return {};
    return "its key is for " + named + ", which is not taken";
}

/// Vectors on which this gateway and Wycheproof differ on purpose, with the reason.
std::map<std::int64_t, std::string> const& other_verdicts()
{
    // RFC 7515 §2 forbids letters outside base64url, and a second spelling of a token would slip past a
    // revocation. The labels of the other two contradict vector 357, whose very bytes they are.
    static std::string const stray = "good there with a stray letter in base64url; refused";
    static std::string const same = "bad there, but byte for byte the good vector 357 (C2SP/wycheproof#236)";
    static std::map<std::int64_t, std::string> const all{
        {372, stray},
        {373, stray},
        {367, same },
        {370, same },
    };
    return all;
}

std::string bytes(std::string_view base64url)
{
    auto out = certs::from_base64url(base64url);
    BOOST_TEST_REQUIRE(out.has_value());
    return *out;
}

std::vector<std::string> segments_of(std::string text)
{
    std::vector<std::string> out;
    for (std::size_t dot = 0; (dot = text.find('.')) != std::string::npos; text.erase(0, dot + 1))
        out.push_back(text.substr(0, dot));
    out.push_back(text);
    return out;
}

template <std::size_t Size>
std::array<std::uint8_t, Size> fixed(std::string const& from)
{
    std::array<std::uint8_t, Size> out{};
    BOOST_TEST_REQUIRE(from.size() == Size);
    std::ranges::transform(from, out.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
    return out;
}

/// The content of a JWE under its content key; nothing when it is not authentic.
std::optional<std::string> decrypted(std::string const& content_key, std::vector<std::string> const& parts)
{
    certs::aead_key const key("cek", certs::secret(std::string(content_key)));
    auto const cipher_text = bytes(parts[3]);
    std::vector<std::uint8_t> text(cipher_text.begin(), cipher_text.end());
    if (!key.open(fixed<12>(bytes(parts[2])), parts[0], text, fixed<16>(bytes(parts[4]))))
        return std::nullopt;
    return std::string(text.begin(), text.end());
}

} // namespace

BOOST_AUTO_TEST_SUITE(wycheproof)

BOOST_AUTO_TEST_CASE(json_web_signature)
{
    tally seen;
    json::object key;
    std::shared_ptr<certs::signature_keys const> keys;
    for (auto const& row : rows_of("wycheproof_jws.jsonl")) {
        if (auto const* next = row.if_contains("key")) {
            key = next->as_object();
            keys = keys_of(json::object{
                {"keys", json::array{key}}
            });
            continue;
        }
        auto why = other_algorithm(key);
        auto const other = other_verdicts().find(row.at("id").as_int64());
        if (other != other_verdicts().end()) why = other->second;
        auto const accepted = accepts(keys, text_in(row, "jws"));
        if (why.empty()) {
            seen.note(accepted == row.at("valid").as_bool(), row);
        } else {
            BOOST_TEST((!accepted || other != other_verdicts().end())); // what cannot be taken is refused
            ++seen.not_applicable[why];
        }
    }
    seen.tell("JSON Web Signature");
    BOOST_TEST(seen.passed + seen.failed == 312U);
}

BOOST_AUTO_TEST_CASE(json_web_key)
{
    // Refused: two keys under one kid, of which the vector wants both tried (RFC 7517 §4.5 wants them
    // distinct).
    static std::map<std::int64_t, std::string> const decided_otherwise{
        {1, "wants no set with secrets and public keys, which lets an app move from one to the other"},
        {2, "wants two keys under one kid"                                                           },
    };
    tally seen;
    json::value set;
    for (auto const& row : rows_of("wycheproof_jwk.jsonl")) {
        if (auto const* next = row.if_contains("set")) {
            set = *next;
            continue;
        }
        auto why = std::string();
        auto const valid = row.at("valid").as_bool();
        if (auto const found = decided_otherwise.find(row.at("id").as_int64());
            found != decided_otherwise.end())
            why = found->second;
        else if (valid) // one that must be refused applies whatever its algorithm
            why = other_algorithm(set.at("keys").at(0).as_object());
        if (!why.empty())
            ++seen.not_applicable[why];
        else
            seen.note(accepts(keys_of(set), text_in(row, "jws")) == valid, row);
    }
    seen.tell("JSON Web Key");
    BOOST_TEST(seen.passed + seen.failed == 22U);
}

/// A sealed token is `dir` with A256GCM under exactly the header that we write. So every vector must be
/// refused as a token, and where the content is A256GCM, our cipher must open it with the content key that
/// the vector's key unwraps.
BOOST_AUTO_TEST_CASE(json_web_encryption)
{
    tally tokens;
    tally contents;
    test::stub_cipher const cipher(true); // no header of a vector is the one that this gateway writes
    for (auto const& row : rows_of("wycheproof_jwe.jsonl")) {
        auto const text = text_in(row, "jwe");
        auto const refused = policy::open_sealed(text, cipher, {}).has_error();
        if (row.at("valid").as_bool())
            ++tokens.not_applicable["good under a key management or cipher that is not taken; refused"];
        else
            tokens.note(refused, row);
        BOOST_TEST(refused);

        if (!row.contains("content_key")) {
            ++contents.not_applicable["its content is not A256GCM, or cannot be unwrapped"];
            continue;
        }
        auto parts = segments_of(text);
        auto const key = bytes(text_in(row, "content_key"));
        contents.note(decrypted(key, parts) == bytes(text_in(row, "plain")), row);
        for (std::size_t changed : {0U, 2U, 3U, 4U}) {
            auto bad = parts;
            bad[changed].front() = bad[changed].front() == 'A' ? 'B' : 'A';
            BOOST_TEST(!decrypted(key, bad));
        }
    }
    BOOST_TEST(cipher.asked == 0U);
    tokens.tell("JSON Web Encryption, as tokens");
    contents.tell("JSON Web Encryption, A256GCM contents");
    BOOST_TEST(contents.passed == 11U);
}

BOOST_AUTO_TEST_SUITE_END()
