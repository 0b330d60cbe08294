#include "certs/digest.hpp"
#include "certs/keyring.hpp"
#include "gateway/base/units.hpp"
#include "gateway/cli/commands.hpp"
#include "gateway/cli/load.hpp"
#include "gateway/cli/private_file.hpp"
#include "gateway/session/minting.hpp"

#include <charconv>
#include <chrono>
#include <filesystem>
#include <optional>

namespace gateway::cli {

using namespace std::chrono_literals;

namespace {

/// One that seals and the two before it: a token outlives two rotations.
constexpr std::size_t keys_kept = 3;
constexpr std::size_t keys_kept_max = 16;
constexpr std::chrono::days time_max{3'650};

std::optional<seconds> read_time(arguments const& given, std::string_view name)
{
    auto const text = given.get(name);
    if (!text) return std::nullopt;
    auto const time = read_duration(*text);
    if (!time || *time < 1s || *time > time_max)
        throw usage_error(std::string(name) + " must be from 1s to 3650d, such as 1h or 90d");
    return std::chrono::ceil<seconds>(*time);
}

std::size_t read_keep(arguments const& given)
{
    auto const text = given.get("--keep");
    if (!text) return keys_kept;
    std::size_t number = 0;
    auto const [end, ec] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (ec != std::errc{} || end != text->data() + text->size() || number < 1 || number > keys_kept_max)
        throw usage_error("--keep must be a number from 1 to " + std::to_string(keys_kept_max));
    return number;
}

certs::key_term read_term(arguments const& given, std::chrono::sys_seconds now)
{
    certs::key_term term;
    auto const begins_in = read_time(given, "--active-in");
    if (begins_in) term.not_before = now + *begins_in;
    if (auto const valid_for = read_time(given, "--valid-for"))
        term.not_after = now + begins_in.value_or(0s) + *valid_for;
    return term;
}

} // namespace

int keygen_tokens(arguments const& given, surroundings const& with)
{
    auto const now = std::chrono::floor<seconds>(std::chrono::system_clock::now());
    auto const& name = given.operand(0);
    auto const term = read_term(given, now);
    auto const keep = read_keep(given);
    auto const existed = std::filesystem::exists(name);
    if (existed && keep == 1 && given.has("--active-in"))
        throw usage_error("--keep must be 2 at least with --active-in: until then an earlier key seals");
    auto before = existed ? read_file(name) : std::string();
    auto after = certs::key_set_with_new_key(before, term, keep, now);
    write_private_file(name, after);
    certs::wipe(before);
    certs::wipe(after);
    with.err << (existed ? "put a new key in front of those in " : "made ") << name
             << (existed ? "; a gateway reads it within a second, or at SIGHUP\n" : "\n");
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
