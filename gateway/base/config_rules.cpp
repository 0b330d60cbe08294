#include "gateway/base/config_rules.hpp"

#include "certs/file.hpp"
#include "gateway/base/strict_json.hpp"
#include "gateway/base/units.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace gateway {

namespace {

void check_listeners(listen_config const& listen)
{
    if (listen.https.empty())
        throw config_error("listen.https", "is empty; name at least one address such as \"[::]:8443\"");
    std::set<std::string> seen;
    auto const take = [&](endpoint const& where, std::string const& path) {
        auto const fresh =
            where.port == 0 || seen.insert(where.host + ' ' + std::to_string(where.port)).second;
        if (!fresh) throw config_error(path, "is an address that another listener has already");
    };
    for (std::size_t i = 0; i < listen.https.size(); ++i)
        take(listen.https[i], json_path("listen.https", i));
    for (std::size_t i = 0; i < listen.http.size(); ++i)
        take(listen.http[i], json_path("listen.http", i));
    if (listen.admin) take(*listen.admin, "listen.admin");
}

/// Each connection is compared with all of them.
void check_proxies(listen_config const& listen)
{
    constexpr std::size_t proxies_max = 256;
    auto const& all = listen.proxies;
    if (all.size() > proxies_max)
        throw config_error("listen.proxies", "must not have more than " + std::to_string(proxies_max));
    for (auto one = all.begin(); one != all.end(); ++one)
        if (std::find(all.begin(), one, *one) != one)
            throw config_error(
                json_path("listen.proxies", static_cast<std::size_t>(one - all.begin())),
                "is a network that is listed already");
    if (listen.proxy_protocol && all.empty())
        throw config_error(
            "listen.proxy_protocol", "needs listen.proxies: nobody else's connections begin with its header");
}

void check_server_keys(token_config const& tokens)
{
    std::set<std::string> names;
    std::set<std::string> hashes;
    for (std::size_t i = 0; i < tokens.server_keys.size(); ++i) {
        auto const path = json_path("tokens.server_keys", i);
        if (!names.insert(tokens.server_keys[i].name).second)
            throw config_error(path + ".name", "is the name of another server key");
        if (!hashes.insert(tokens.server_keys[i].sha256).second)
            throw config_error(path + ".sha256", "is the hash of another server key");
        if (tokens.server_keys[i].lifetime_max > tokens.lifetime_max)
            throw config_error(
                path + ".lifetime_max",
                "must not exceed tokens.lifetime_max (" + write_duration(tokens.lifetime_max) + ")");
    }
    if (!tokens.server_keys.empty() && !tokens.judge.accepts_sealed)
        throw config_error(
            "tokens.server_keys", "mint sealed tokens, but tokens.accept does not name \"sealed\"");
}

/// Each request with an `Origin` is compared with all of them.
void check_origins(std::vector<std::string> const& origins)
{
    constexpr std::size_t origins_max = 64;
    if (origins.size() > origins_max)
        throw config_error("browsers.origins", "must not have more than " + std::to_string(origins_max));
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < origins.size(); ++i)
        if (!seen.insert(origins[i]).second)
            throw config_error(json_path("browsers.origins", i), "is an origin that is listed already");
}

/// Who signs a token is told by its `iss`.
void check_app_tokens(policy::judge_settings const& judge)
{
    if (!judge.accepts_sealed && !judge.accepts_cartesia && !judge.app)
        throw config_error(
            "tokens.accept", R"(is empty; name "sealed", "cartesia" or both, or set tokens.jwt)");
    if (judge.app && judge.app->issuer == judge.cartesia_issuer)
        throw config_error(
            "tokens.jwt.issuer",
            "must differ from tokens.cartesia_issuer, by which Cartesia's tokens are known");
}

void check_tokens(token_config const& tokens)
{
    check_app_tokens(tokens.judge);
    if (tokens.judge.accepts_sealed && tokens.key_file.empty())
        throw config_error(
            "tokens.key_file",
            "must be given since sealed tokens are accepted: `voicegate keygen tokens FILE` makes one; or "
            "set tokens.accept "
            "to [\"cartesia\"]");
    if (tokens.lifetime_default > tokens.lifetime_max)
        throw config_error(
            "tokens.lifetime_default",
            "must not exceed tokens.lifetime_max (" + write_duration(tokens.lifetime_max) + ")");
    check_server_keys(tokens);
}

void check_session(session_config const& session, token_config const& tokens)
{
    auto const& app = session.authorize;
    if (app.url.given() && !tokens.judge.accepts_sealed)
        throw config_error(
            "session.authorize_url", "opens sealed sessions, but tokens.accept does not name \"sealed\"");
    if (app.recheck.count() > 0 && !app.url.given())
        throw config_error("session.recheck", "needs session.authorize_url: there is nobody to ask again");
}

/// What is warmed for verified tokens only: a cartesia token travels alone.
void check_warmth(warm_config const& warm, bool accepts_verified)
{
    if (warm.connections_min > warm.connections_max)
        throw config_error(
            "upstream.warm.connections_min",
            "must not exceed upstream.warm.connections_max (" + std::to_string(warm.connections_max) + ")");
    constexpr auto why =
        "serves no cartesia tokens, but tokens.accept does not name \"sealed\" and there is no tokens.jwt";
    if (!warm.grants.empty() && !accepts_verified) throw config_error("upstream.warm.grants", why);
    if (warm.websockets > 0 && !accepts_verified) throw config_error("upstream.warm.websockets", why);
}

/// The whole chain is compared with all of them at each full handshake.
void check_pins(std::vector<std::string> const& pins)
{
    constexpr std::size_t pins_max = 16;
    if (pins.size() > pins_max)
        throw config_error("upstream.pins", "must not have more than " + std::to_string(pins_max));
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < pins.size(); ++i)
        if (!seen.insert(pins[i]).second)
            throw config_error(json_path("upstream.pins", i), "is a pin that is listed already");
}

void check_upstream(config const& of)
{
    check_pins(of.upstream.pins);
    check_warmth(of.upstream.warm, of.tokens.accepts_verified());
    // A cartesia token travels upstream alone, so a gateway that takes no other kind needs no credential of
    // its own.
    if (!of.upstream.api_key.given() && of.tokens.accepts_verified())
        throw config_error(
            "upstream.api_key",
            R"(must be given since sealed tokens or the app's are accepted: {"file": …}, {"credential": …} or {"environment": …})");
    if (of.upstream.idle_max > of.upstream.connections_max)
        throw config_error(
            "upstream.idle_max",
            "must not exceed upstream.connections_max (" + std::to_string(of.upstream.connections_max) + ")");
}

void check_limits(limits_config const& limits)
{
    if (limits.target_bytes >= limits.head_bytes)
        throw config_error(
            "limits.target_bytes",
            "must be less than limits.head_bytes (" + write_bytes(limits.head_bytes) + ")");
    if (limits.frame_bytes > limits.message_bytes)
        throw config_error(
            "limits.frame_bytes",
            "must not exceed limits.message_bytes (" + write_bytes(limits.message_bytes) + ")");
    constexpr std::uint64_t memory_min = 64ULL << 20; // an idle gateway takes a part of it
    if (limits.memory != 0 && limits.memory < memory_min)
        throw config_error(
            "limits.memory",
            "must be at least " + write_bytes(memory_min) + ", or 0 for three quarters of what there is");
}

void check_drain(drain_config const& drain)
{
    if (drain.delay > drain.deadline)
        throw config_error(
            "drain.delay", "must not exceed drain.deadline (" + write_duration(drain.deadline) + ")");
}

void check_process(process_config const& process)
{
    if (!process.chroot.empty() && process.user.empty())
        throw config_error(
            "process.user", "must be given since process.chroot is: root finds a way out of any directory");
}

void check_file(std::vector<config_error>& out, named_file const& file)
{
    struct stat found {};
    if (access(file.name.c_str(), R_OK) != 0 || stat(file.name.c_str(), &found) != 0) {
        // strerror is called by one thread, before any other is started
        out.emplace_back(
            file.field,
            "cannot read " + file.name + ": " + std::strerror(errno)); // NOLINT(concurrency-mt-unsafe)
        return;
    }
    if (S_ISDIR(found.st_mode)) {
        out.emplace_back(file.field, file.name + " is a directory; name a file");
        return;
    }
    if (!file.is_key) return;
    try {
        certs::check_private(file.name);
    } catch (std::runtime_error const& flaw) {
        out.emplace_back(file.field, std::string("cannot read ") + flaw.what());
    }
}

} // namespace

void check_rules(config const& of)
{
    check_listeners(of.listen);
    check_proxies(of.listen);
    if (of.tls.certificates.empty())
        throw config_error(
            "tls.certificates",
            R"(must name at least one {"chain": …, "key": …}; `voicegate certs dev DIR` makes one for development)");
    check_tokens(of.tokens);
    check_origins(of.tokens.judge.origins);
    check_session(of.session, of.tokens);
    check_upstream(of);
    check_limits(of.limits);
    check_drain(of.drain);
    check_process(of.process);
    try {
        policy::route_table{of.routes};
    } catch (std::invalid_argument const& flaw) {
        throw config_error("routes", flaw.what());
    }
}

unsigned event_loops(config const& of) noexcept
{
    return of.threads != 0 ? of.threads : std::max(1U, std::thread::hardware_concurrency());
}

std::vector<named_file> named_files(config const& of)
{
    std::vector<named_file> out;
    auto const add = [&](std::string const& field, std::string const& name, bool is_key = false) {
        if (!name.empty()) out.push_back({field, name, is_key});
    };
    constexpr bool is_key = true;
    for (std::size_t i = 0; i < of.tls.certificates.size(); ++i) {
        auto const path = json_path("tls.certificates", i);
        add(path + ".chain", of.tls.certificates[i].chain);
        add(path + ".key", of.tls.certificates[i].key, is_key);
    }
    add("upstream.ca_file", of.upstream.ca_file);
    add("upstream.crl_file", of.upstream.crl_file);
    add("upstream.api_key.file", of.upstream.api_key.file, is_key);
    add("tokens.key_file", of.tokens.key_file, is_key);
    add("tokens.jwt.keys_file", of.tokens.app_keys_file);
    add("tokens.jwt.keys_ca_file", of.tokens.app_keys_ca_file);
    add("session.authorize_ca_file", of.session.authorize.ca_file);
    return out;
}

std::vector<config_error> unusable_files(config const& of)
{
    std::vector<config_error> out;
    for (auto const& file : named_files(of))
        check_file(out, file);
    return out;
}

} // namespace gateway
