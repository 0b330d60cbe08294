#include "certs/signature_keys.hpp"

#include "tests/app_signer.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <optional>
#include <stdexcept>
#include <string>

namespace data = boost::unit_test::data;
using certs::signature_keys;
using verdict = certs::signature_keys::verdict;

namespace {

constexpr std::array<std::string_view, 4> algorithms{"EdDSA", "ES256", "RS256", "HS256"};

std::string set_of(std::string const& entries) { return "{\"keys\":[" + entries + "]}"; }

verdict check(
    signature_keys const& keys,
    std::optional<std::string_view> key_id,
    std::string_view algorithm,
    std::string_view text,
    std::string_view signature)
{
    return keys.verify(
        key_id,
        algorithm,
        text,
        {reinterpret_cast<std::uint8_t const*>(signature.data()), signature.size()});
}

/// `jwk` with `more` as its first members.
std::string with(std::string jwk, std::string_view more) { return jwk.insert(1, more); }

struct refusal {
    std::string_view name;
    std::string jwk;
    std::string_view says;
    friend std::ostream& operator<<(std::ostream& out, refusal const& r) { return out << r.name; }
};

std::string made(std::string_view algorithm) { return app_signer(std::string(algorithm), "k").jwk(); }

/// 43 letters, 32 bytes: no key is made of them by chance.
constexpr std::string_view some_bytes = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

std::string ec(std::string_view x, std::string_view y, std::string_view curve = "P-256")
{
    return R"({"kty":"EC","crv":")" + std::string(curve) + R"(","x":")" + std::string(x) + R"(","y":")" +
           std::string(y) + "\"}";
}

std::string rsa(std::size_t bytes, std::string_view e)
{
    return R"({"kty":"RSA","n":")" + in_base64url(std::string(bytes, '\xbb')) + R"(","e":")" + std::string(e) +
           "\"}";
}

std::vector<refusal> const& refusals()
{
    static std::vector<refusal> const all{
        {"no object", "1", "keys[0]: must be an object"},
        {"no kty", "{}", "keys[0].kty"},
        {"unknown kty", R"({"kty":"AKP"})", "keys[0].kty"},
        {"encryption key", with(made("RS256"), R"("use":"enc",)"), "keys[0].use"},
        {"use no text", with(made("ES256"), R"("use":1,)"), "keys[0].use"},
        {"key_ops without verify", with(made("ES256"), R"("key_ops":["encrypt"],)"), "keys[0].key_ops"},
        {"key_ops no array", with(made("ES256"), R"("key_ops":"verify",)"), "keys[0].key_ops"},
        {"another RSA algorithm", with(made("RS256"), R"("alg":"PS256",)"), "keys[0].alg"},
        {"an RSA key for HMAC", with(made("RS256"), R"("alg":"HS256",)"), "keys[0].alg"},
        {"alg of a bigger curve", with(made("ES256"), R"("alg":"ES384",)"), "keys[0].alg"},
        {"an AES key", with(made("HS256"), R"("alg":"A256GCM",)"), "keys[0].alg"},
        {"none", with(made("HS256"), R"("alg":"none",)"), "keys[0].alg"},
        {"private EC key", with(made("ES256"), R"("d":"AA",)"), "keys[0].d"},
        {"private Ed25519 key", with(made("EdDSA"), R"("d":"AA",)"), "keys[0].d"},
        {"private RSA key", with(made("RS256"), R"("qi":"AA",)"), "keys[0].qi"},
        {"EC key with a secret", with(made("ES256"), R"("k":"AA",)"), "keys[0].k"},
        {"empty kid", R"({"kid":"","kty":"oct","k":")" + std::string(some_bytes) + "\"}", "keys[0].kid"},
        {"long kid", R"({"kid":")" + std::string(129, 'i') + R"(","kty":"oct"})", "keys[0].kid"},
        {"kid no text", R"({"kid":1,"kty":"oct"})", "keys[0].kid"},
        {"P-384", ec(some_bytes, some_bytes, "P-384"), "keys[0].crv"},
        {"no curve", R"({"kty":"EC"})", "keys[0].crv"},
        {"Ed448", R"({"kty":"OKP","crv":"Ed448"})", "keys[0].crv"},
        {"X25519", R"({"kty":"OKP","crv":"X25519"})", "keys[0].crv"},
        {"point off the curve", ec(some_bytes, some_bytes), "no sound public key"},
        {"x of 31 bytes", ec(some_bytes.substr(0, 42), some_bytes), "keys[0].x"},
        {"no y", R"({"kty":"EC","crv":"P-256","x":")" + std::string(some_bytes) + "\"}", "keys[0].y"},
        {"padded x", ec(std::string(some_bytes) + "=", some_bytes), "keys[0].x"},
        {"Ed25519 x of 31 bytes", R"({"kty":"OKP","crv":"Ed25519","x":"AAEC"})", "keys[0].x"},
        {"RSA of 1024 bits", rsa(128, "AQAB"), "keys[0].n"},
        {"RSA of 8192 bits", rsa(1024, "AQAB"), "keys[0].n"},
        {"exponent 1", rsa(256, "AQ"), "keys[0].e"},
        {"exponent 2", rsa(256, "Ag"), "keys[0].e"},
        {"no exponent", rsa(256, ""), "keys[0].e"},
        {"exponent of 65 bits", rsa(256, "AQAAAAAAAAAB"), "keys[0].e"},
        {"secret of 31 bytes", R"({"kty":"oct","k":")" + in_base64url(std::string(31, 's')) + "\"}", "keys[0].k"},
        {"no secret", R"({"kty":"oct"})", "keys[0].k"},
        {"empty secret", R"({"kty":"oct","k":""})", "keys[0].k"},
        {"kid twice", made("ES256") + "," + made("EdDSA"), "keys[1].kid"},
    };
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(app_keys)

BOOST_DATA_TEST_CASE(what_verifies_nothing_or_too_much_is_refused_by_name, data::make(refusals()), r)
{
    BOOST_CHECK_EXCEPTION(
        signature_keys{set_of(r.jwk)}, std::runtime_error, [&](std::runtime_error const& error) {
            std::string const what = error.what();
            BOOST_TEST_INFO(what);
            return what.find(r.says) != std::string::npos;
        });
}

BOOST_AUTO_TEST_CASE(what_is_no_key_set_is_refused)
{
    for (std::string_view text : {"", "{}", "[]", R"({"keys":{}})", R"({"keys":[]})", "keys"})
        BOOST_CHECK_THROW(signature_keys{text}, std::runtime_error);
    std::string many = made("HS256");
    for (int i = 0; i < 16; ++i)
        many += "," + app_signer("HS256", "k" + std::to_string(i)).jwk();
    BOOST_CHECK_THROW(signature_keys{set_of(many)}, std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_published_set_may_hold_keys_for_other_purposes_but_no_secret)
{
    using enum signature_keys::unusable;
    app_signer const signer("ES256", "k");
    auto const others = R"({"kty":"RSA","use":"enc","n":"AQAB","e":"AQAB"},{"kty":"new"},7,)" +
                        with(made("EdDSA"), R"("use":"enc",)") + ",";
    signature_keys const keys(set_of(others + signer.jwk()), passed_over);
    BOOST_TEST(keys.size() == 1U);
    BOOST_TEST((check(keys, "k", "ES256", "text", signer.signature_of("text")) == verdict::good));
    BOOST_CHECK_THROW(signature_keys(set_of(others + signer.jwk()), refused), std::runtime_error);
    BOOST_CHECK_THROW(signature_keys(set_of(R"({"kty":"new"})"), passed_over), std::runtime_error);
    auto const with_secret = set_of(signer.jwk() + "," + app_signer("HS256", "s").jwk());
    BOOST_CHECK_EXCEPTION(
        signature_keys(with_secret, passed_over), std::runtime_error, [](std::runtime_error const& flaw) {
            return std::string_view(flaw.what()).find("keys[1]: is a secret") != std::string_view::npos;
        });
}

BOOST_DATA_TEST_CASE(a_signature_is_good_for_its_text_alone, data::make(algorithms), algorithm)
{
    app_signer const app(std::string(algorithm), "k1");
    signature_keys const keys(app.jwk_set());
    auto const good = app.signature_of("header.payload");
    BOOST_CHECK(check(keys, "k1", algorithm, "header.payload", good) == verdict::good);
    BOOST_CHECK(check(keys, "k1", algorithm, "header.payloae", good) == verdict::bad_signature);
    BOOST_CHECK(check(keys, "k1", algorithm, "", good) == verdict::bad_signature);
    for (std::size_t at = 0; at < good.size(); at += 7) {
        auto bad = good;
        bad[at] = static_cast<char>(bad[at] ^ 1);
        BOOST_CHECK(check(keys, "k1", algorithm, "header.payload", bad) == verdict::bad_signature);
    }
    BOOST_CHECK(check(keys, "k1", algorithm, "header.payload", "") == verdict::bad_signature);
    BOOST_CHECK(check(keys, "k1", algorithm, "header.payload", good + '\0') == verdict::bad_signature);
    auto const cut = good.substr(0, good.size() - 1);
    BOOST_CHECK(check(keys, "k1", algorithm, "header.payload", cut) == verdict::bad_signature);
    BOOST_CHECK(check(keys, "k1", algorithm, "header.payload", good) == verdict::good); // nothing stays behind
}

BOOST_DATA_TEST_CASE(the_key_decides_the_algorithm, data::make(algorithms), algorithm)
{
    app_signer const app(std::string(algorithm), "k1");
    signature_keys const keys(app.jwk_set());
    auto const good = app.signature_of("text");
    for (std::string_view other : {"EdDSA", "ES256", "RS256", "HS256", "none", "None", "", "PS256", "hs256"})
        if (other != algorithm) BOOST_CHECK(check(keys, "k1", other, "text", good) == verdict::no_such_key);
}

BOOST_AUTO_TEST_CASE(a_public_key_is_no_secret)
{
    app_signer const app("RS256", "k1");
    signature_keys const keys(app.jwk_set());
    auto const forged = hmac_sha256(app.public_pem(), "text");
    BOOST_CHECK(check(keys, "k1", "HS256", "text", forged) == verdict::no_such_key);
    BOOST_CHECK(check(keys, std::nullopt, "HS256", "text", forged) == verdict::no_such_key);
    BOOST_CHECK(check(keys, "k1", "RS256", "text", forged) == verdict::bad_signature);
}

BOOST_AUTO_TEST_CASE(without_a_kid_the_only_key_of_the_algorithm_serves)
{
    app_signer const first("ES256", "a");
    app_signer const second("ES256", "b");
    app_signer const other("EdDSA", "");
    auto const text = std::string_view("text");
    auto const good = first.signature_of(text);

    signature_keys const one(set_of(first.jwk() + "," + other.jwk()));
    BOOST_CHECK(check(one, std::nullopt, "ES256", text, good) == verdict::good);
    BOOST_CHECK(check(one, std::nullopt, "EdDSA", text, other.signature_of(text)) == verdict::good);
    BOOST_CHECK(check(one, std::nullopt, "RS256", text, good) == verdict::no_such_key);
    BOOST_CHECK(check(one, "", "EdDSA", text, other.signature_of(text)) == verdict::no_such_key);
    BOOST_CHECK(check(one, "x", "EdDSA", text, other.signature_of(text)) == verdict::no_such_key);

    signature_keys const two(set_of(first.jwk() + "," + second.jwk()));
    BOOST_CHECK(check(two, std::nullopt, "ES256", text, good) == verdict::no_such_key);
    BOOST_CHECK(check(two, "a", "ES256", text, good) == verdict::good);
    BOOST_CHECK(check(two, "b", "ES256", text, good) == verdict::bad_signature);
}

BOOST_AUTO_TEST_CASE(es256_takes_raw_pairs_and_no_der)
{
    app_signer const app("ES256", "k1");
    signature_keys const keys(app.jwk_set());
    auto const good = app.signature_of("text");
    auto const der = "\x30\x44\x02\x20" + good.substr(0, 32) + "\x02\x20" + good.substr(32);
    BOOST_CHECK(check(keys, "k1", "ES256", "text", der) == verdict::bad_signature);
    BOOST_CHECK(check(keys, "k1", "ES256", "text", std::string(64, '\0')) == verdict::bad_signature);
    BOOST_CHECK(check(keys, "k1", "ES256", "text", std::string(64, '\xff')) == verdict::bad_signature);
}

BOOST_AUTO_TEST_CASE(what_a_key_says_of_itself_may_say_the_same)
{
    constexpr auto more = R"("use":"sig","key_ops":["verify","sign"],"alg":"ES256","x5t":"AA","z":[],)";
    signature_keys const keys(set_of(with(app_signer("ES256", "k1").jwk(), more)));
    BOOST_TEST(keys.size() == 1U);
    BOOST_TEST(!keys.hold_secrets());
    BOOST_TEST(signature_keys(app_signer("HS256", "k1").jwk_set()).hold_secrets());
    BOOST_TEST(signature_keys{}.size() == 0U);
}

BOOST_AUTO_TEST_CASE(rfc_8037_appendix_a_4_verifies)
{
    signature_keys const keys(
        R"({"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]})");
    std::array<std::uint8_t, 64> const signature{
        0x86, 0x0c, 0x98, 0xd2, 0x29, 0x7f, 0x30, 0x60, 0xa3, 0x3f, 0x42, 0x73, 0x96, 0x72, 0xd6, 0x1b,
        0x53, 0xcf, 0x3a, 0xde, 0xfe, 0xd3, 0xd3, 0xc6, 0x72, 0xf3, 0x20, 0xdc, 0x02, 0x1b, 0x41, 0x1e,
        0x9d, 0x59, 0xb8, 0x62, 0x8d, 0xc3, 0x51, 0xe2, 0x48, 0xb8, 0x8b, 0x29, 0x46, 0x8e, 0x0e, 0x41,
        0x85, 0x5b, 0x0f, 0xb7, 0xd8, 0x3b, 0xb1, 0x5b, 0xe9, 0x02, 0xbf, 0xcc, 0xb8, 0xcd, 0x0a, 0x02};
    auto const got = keys.verify(
        std::nullopt, "EdDSA", "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc", signature);
    BOOST_CHECK(got == verdict::good);
}

BOOST_AUTO_TEST_SUITE_END()
