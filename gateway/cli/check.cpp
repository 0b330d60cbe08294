#include "certs/revocation_lists.hpp"
#include "certs/tls_context.hpp"
#include "gateway/base/app_keys.hpp"
#include "gateway/base/config_rules.hpp"
#include "gateway/base/strict_json.hpp"
#include "gateway/base/token_cipher.hpp"
#include "gateway/base/token_keys.hpp"
#include "gateway/base/trust.hpp"
#include "gateway/cli/certificate_facts.hpp"
#include "gateway/cli/commands.hpp"
#include "gateway/cli/explain.hpp"
#include "gateway/cli/load.hpp"
#include "gateway/jail/jail.hpp"

#include <iomanip>

namespace gateway::cli {

namespace {

void print_date(std::chrono::sys_days day, std::ostream& out)
{
    auto const date = std::chrono::year_month_day(day);
    out << static_cast<int>(date.year()) << '-' << std::setfill('0') << std::setw(2)
        << static_cast<unsigned>(date.month()) << '-' << std::setw(2) << static_cast<unsigned>(date.day())
        << std::setfill(' ');
}

/// Loads every certificate as the listeners will, and names what is in it.
void check_certificates(tls_config const& tls, surroundings const& with)
{
    auto const today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    certs::ticket_keys tickets(with.random);
    for (std::size_t i = 0; i < tls.certificates.size(); ++i) {
        auto const& one = tls.certificates[i];
        auto const path = json_path("tls.certificates", i);
        try {
            certs::server_tls const loads(
                {
                    {one.chain, one.key}
            },
                tickets);
            auto const facts = read_certificate(one.chain);
            with.out << "Shows the certificate " << one.chain << " for";
            for (auto const& name : facts.names)
                with.out << ' ' << name;
            with.out << (facts.last_day < today ? "; it expired on " : "; it expires on ");
            print_date(facts.last_day, with.out);
            with.out << ".\n";
            if (facts.last_day < today)
                throw config_error(path + ".chain", one.chain + " has expired; renew it");
        } catch (config_error const&) {
            throw;
        } catch (std::runtime_error const& flaw) {
            throw config_error(path, flaw.what());
        }
    }
}

void check_app_servers(config const& of)
{
    auto const& app = of.session.authorize;
    if (app.url.given()) (void)load_trust(app.url, app.ca_file, "session.authorize_ca_file");
    auto const& keys = of.tokens.app_keys_url;
    if (keys.given()) (void)load_trust(keys, of.tokens.app_keys_ca_file, "tokens.jwt.keys_ca_file");
}

void tell_revocations(std::string const& file, std::ostream& out)
{
    if (file.empty()) return;
    auto const now = std::chrono::floor<seconds>(std::chrono::system_clock::now());
    auto const lists = certs::load_revocation_lists(file, now);
    out << "Refuses what " << file << " revokes (" << lists.all.size()
        << (lists.all.size() == 1 ? " list" : " lists") << "), and everything from ";
    print_date(std::chrono::floor<std::chrono::days>(lists.good_until), out);
    out << " on, unless a reload has brought a newer one.\n";
}

void check_upstream(config const& of, surroundings const& with)
{
    auto const& up = of.upstream;
    (void)load_upstream_trust(up);
    tell_revocations(up.crl_file, with.out);
    auto const& key = up.api_key;
    // What systemd or the environment hands to the service is not there for the person who checks.
    if (key.file.empty() && !key.credential.empty() && !with.get("CREDENTIALS_DIRECTORY")) return;
    if (!key.environment.empty() && !with.get(key.environment)) {
        with.err << "note: $" << key.environment << " is not set here; `serve` needs it\n";
        return;
    }
    if (!key.given()) return;
    auto const loads = load_secret(key, "upstream.api_key", with.get);
}

void check_token_keys(token_config const& tokens, std::ostream& out)
{
    auto const now = std::chrono::floor<seconds>(std::chrono::system_clock::now());
    published<certs::key_set> const keys(load_token_keys(tokens, now));
    out << "Seals with the key " << token_cipher(keys).sealing_key(now) << " and opens with "
        << keys.latest()->size() << " in all";
    auto const ends = certs::sealing_ends(*keys.latest(), now);
    if (ends != ends.max()) {
        out << "; none seals after ";
        print_date(std::chrono::floor<std::chrono::days>(ends), out);
    }
    out << ".\n";
}

} // namespace

int check(arguments const& given, surroundings const& with)
{
    auto const configuration = load_config(*given.get("--config"));
    explain(configuration, with.out);
    auto const flaws = unusable_files(configuration);
    for (auto const& flaw : flaws)
        with.err << flaw.what() << '\n';
    if (!flaws.empty()) return exit_configuration;
    jail::check(configuration);
    check_certificates(configuration.tls, with);
    check_upstream(configuration, with);
    check_app_servers(configuration);
    if (configuration.tokens.judge.accepts_sealed) check_token_keys(configuration.tokens, with.out);
    if (!configuration.tokens.app_keys_file.empty()) {
        auto const keys = load_app_keys(configuration.tokens);
        with.out << "Verifies what the app signs with " << keys->size()
                 << (keys->size() == 1 ? " key.\n" : " keys.\n");
    }
    return exit_ok;
}

} // namespace gateway::cli
