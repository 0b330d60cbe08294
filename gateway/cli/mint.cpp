#include "certs/dev_ca.hpp"
#include "gateway/base/token_cipher.hpp"
#include "gateway/base/token_keys.hpp"
#include "gateway/base/units.hpp"
#include "gateway/cli/commands.hpp"
#include "gateway/cli/load.hpp"
#include "gateway/session/minting.hpp"

#include <algorithm>

namespace gateway::cli {

namespace {

policy::grant_set read_grants(std::string_view list)
{
    policy::grant_set out;
    while (!list.empty()) {
        auto const name = list.substr(0, list.find(','));
        auto const g = policy::read_grant(name);
        if (!g) throw usage_error("--grants must be a list of tts, stt, agent with commas between");
        out.add(*g);
        list.remove_prefix(std::min(list.size(), name.size() + 1));
    }
    return out;
}

seconds read_lifetime(std::optional<std::string> const& text, token_config const& tokens)
{
    if (!text) return tokens.lifetime_default;
    auto const time = read_duration(*text);
    auto const most = tokens.lifetime_max;
    if (!time || *time < seconds{1} || *time > most || time->count() % 1000 != 0)
        throw usage_error("--expires-in must be from 1s to " + write_duration(most) + ", such as 60s or 5m");
    return std::chrono::duration_cast<seconds>(*time);
}

} // namespace

int mint(arguments const& given, surroundings const& with)
{
    auto const grants = read_grants(*given.get("--grants"));
    auto const subject = given.get("--subject").value_or("");
    if (subject.size() > policy::subject_bytes_max)
        throw usage_error(
            "--subject must be at most " + std::to_string(policy::subject_bytes_max) + " bytes");
    auto const configuration = load_config(*given.get("--config"));
    auto const lifetime = read_lifetime(given.get("--expires-in"), configuration.tokens);
    if (!configuration.tokens.judge.accepts_sealed)
        throw config_error(
            "tokens.accept", R"(does not name "sealed", so no token of this gateway's own would be taken)");
    auto const now = std::chrono::floor<seconds>(std::chrono::system_clock::now());
    published<certs::key_set> const keys(load_token_keys(configuration.tokens, now));
    token_cipher const cipher(keys);
    auto about =
        session::claims_for(subject, grants, lifetime, configuration.tokens.stream_outlives_token, now);
    auto const token = session::mint_token(about, cipher, with.random, now);
    if (token.empty())
        throw std::runtime_error("no token was made: the subject is not UTF-8, or the cipher failed");
    with.out << token << '\n';
    return exit_ok;
}

int certs_dev(arguments const& given, surroundings const& with)
{
    auto const& directory = given.operand(0);
    certs::make_development_certificates(directory, given.all("--name"), std::chrono::system_clock::now());
    with.err << "made " << directory << "/localhost.pem and localhost.key; clients must trust " << directory
             << "/ca.pem\n";
    return exit_ok;
}

} // namespace gateway::cli
