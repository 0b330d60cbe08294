#include "certs/digest.hpp"
#include "certs/keyring.hpp"
#include "gateway/cli/commands.hpp"
#include "gateway/cli/load.hpp"
#include "gateway/cli/private_file.hpp"
#include "gateway/session/minting.hpp"

#include <filesystem>

namespace gateway::cli {

namespace {

/// One that seals and the two before it: a token outlives two rotations.
constexpr std::size_t keys_kept = 3;

} // namespace

int keygen_tokens(arguments const& given, surroundings const& with)
{
    auto const& name = given.operand(0);
    auto const existed = std::filesystem::exists(name);
    auto before = existed ? read_file(name) : std::string();
    auto after = certs::key_set_with_new_key(before, keys_kept);
    write_private_file(name, after);
    certs::wipe(before);
    certs::wipe(after);
    with.err << (existed ? "put a new key in front of those in " : "made ") << name
             << (existed ? "; restart or reload the gateway to seal with it\n" : "\n");
    return exit_ok;
}

int keygen_server(arguments const& given, surroundings const& with)
{
    auto const& name = given.operand(0);
    constexpr auto plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
    if (name.empty() || name.size() > 64 || name.find_first_not_of(plain) != std::string::npos)
        throw usage_error("NAME must be 1 to 64 letters, digits, - . _");
    // 3 x 96 bits
    auto key = "vgk_" + session::random_id(with.random) + session::random_id(with.random) +
               session::random_id(with.random);
    with.err << "The key, for the app's server; it is shown this once. The entry below it goes into "
                "tokens.server_keys.\n";
    with.out << key << "\n{\"name\": \"" << name << "\", \"sha256\": \"" << certs::sha256_hex(key)
             << "\", \"grants\": [\"tts\", \"stt\", \"agent\"]}\n";
    certs::wipe(key);
    return exit_ok;
}

} // namespace gateway::cli
