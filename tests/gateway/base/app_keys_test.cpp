#include "gateway/base/app_keys.hpp"

#include "gateway/base/signature_verifier.hpp"
#include "tests/app_signer.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <unistd.h>

using namespace gateway;
using verdict = policy::signature_verifier::verdict;

namespace {

/// A file that goes with its test.
struct keys_file {
    std::string name =
        (std::filesystem::temp_directory_path() / ("vg_app_keys_" + std::to_string(getpid()))).string();

    void write(std::string_view text, std::filesystem::perms mode) const
    {
        std::ofstream(name, std::ios::binary) << text;
        std::filesystem::permissions(name, mode);
    }
    [[nodiscard]] token_config config() const
    {
        token_config out;
        out.app_keys_file = name;
        return out;
    }
    ~keys_file() { std::filesystem::remove(name); }
};

constexpr auto for_the_owner = std::filesystem::perms{0600};
constexpr auto for_all = std::filesystem::perms{0644};

verdict
check(signature_verifier const& by, app_signer const& app, std::string_view algorithm, std::string_view id)
{
    auto const signature = app.signature_of("text");
    return by.verify(
        id, algorithm, "text", {reinterpret_cast<std::uint8_t const*>(signature.data()), signature.size()});
}

} // namespace

BOOST_AUTO_TEST_SUITE(keys_of_the_app)

BOOST_AUTO_TEST_CASE(public_keys_may_be_read_by_all_and_secrets_may_not)
{
    keys_file const file;
    file.write(app_signer("ES256", "a").jwk_set(), for_all);
    BOOST_TEST(load_app_keys(file.config())->size() == 1U);
    file.write(app_signer("HS256", "a").jwk_set(), for_the_owner);
    BOOST_TEST(load_app_keys(file.config())->size() == 1U);
    file.write(app_signer("HS256", "a").jwk_set(), for_all);
    BOOST_CHECK_EXCEPTION(
        static_cast<void>(load_app_keys(file.config())), config_error, [&](config_error const& error) {
            return error.where() == "tokens.jwt.keys_file" &&
                   std::string_view(error.what()).find(file.name + ": its mode is 0644") !=
                       std::string_view::npos &&
                   std::string_view(error.what()).find("chmod 600 it") != std::string_view::npos;
        });
}

BOOST_AUTO_TEST_CASE(a_flaw_names_field_file_and_remedy)
{
    keys_file const file;
    for (std::string_view text : {"", "{}", R"({"keys":[]})", R"({"keys":[{"kty":"EC"}]})"}) {
        file.write(text, for_all);
        BOOST_CHECK_EXCEPTION(
            static_cast<void>(load_app_keys(file.config())), config_error, [&](config_error const& error) {
                return error.where() == "tokens.jwt.keys_file" &&
                       std::string_view(error.what()).find(file.name + ": key set: ") !=
                           std::string_view::npos;
            });
    }
    auto nowhere = file.config();
    nowhere.app_keys_file += ".none";
    BOOST_CHECK_THROW(static_cast<void>(load_app_keys(nowhere)), config_error);
    BOOST_TEST(load_app_keys({})->size() == 0U);
}

BOOST_AUTO_TEST_CASE(keys_can_be_replaced_while_they_are_in_use)
{
    app_signer const before("EdDSA", "old");
    app_signer const after("ES256", "new");
    published<certs::signature_keys> keys(std::make_shared<certs::signature_keys const>(before.jwk_set()));
    signature_verifier const verifier(keys);
    BOOST_CHECK(check(verifier, before, "EdDSA", "old") == verdict::good);
    BOOST_CHECK(check(verifier, after, "ES256", "new") == verdict::no_such_key);
    keys.publish(std::make_shared<certs::signature_keys const>(after.jwk_set()));
    BOOST_CHECK(check(verifier, before, "EdDSA", "old") == verdict::no_such_key);
    BOOST_CHECK(check(verifier, after, "ES256", "new") == verdict::good);
    BOOST_CHECK(check(verifier, before, "ES256", "new") == verdict::bad_signature);
}

BOOST_AUTO_TEST_SUITE_END()
