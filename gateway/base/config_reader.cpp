#include "gateway/base/config_rules.hpp"
#include "gateway/base/config_values.hpp"
#include "gateway/base/limit_table.hpp"
#include "gateway/base/object_reader.hpp"

#include <filesystem>

namespace gateway {

namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t KiB = 1ULL << 10;
constexpr std::uint64_t GiB = 1ULL << 30;
constexpr auto day = 24h;

/// Reads each part of the configuration; one function for each struct, one line for each member.
class config_reader {
public:
    explicit config_reader(std::string const& directory) : directory_(directory) {}

    void all(object_reader& in, config& out) const
    {
        in.object("listen", [&](object_reader& o) { listen(o, out.listen); });
        in.number("threads", out.threads, 0, 1'024);
        in.object("tls", [&](object_reader& o) { tls(o, out.tls); });
        in.object("upstream", [&](object_reader& o) { upstream(o, out.upstream); });
        in.object("tokens", [&](object_reader& o) { tokens(o, out.tokens); });
        in.object("session", [&](object_reader& o) { session(o, out.session); });
        in.object("browsers", [&](object_reader& o) { browsers(o, out.browsers, out.tokens.judge); });
        in.each("routes", [&](auto const& value, auto const& path) {
            out.routes.push_back(read_route(value, path));
        });
        in.object("limits", [&](object_reader& o) { list_limits(o, out.limits); });
        in.object("log", [&](object_reader& o) { log(o, out.log); });
        in.object("drain", [&](object_reader& o) { drain(o, out.drain); });
        in.object("reload", [&](object_reader& o) { o.flag("watch", out.reload.watch); });
        in.object("process", [&](object_reader& o) { process(o, out.process); });
    }

private:
    /// A file name in the configuration is relative to the configuration's own place.
    void file(object_reader& in, std::string_view key, std::string& out) const
    {
        std::string name;
        in.text(key, name, 4'096);
        if (!name.empty()) out = (std::filesystem::path(directory_) / name).lexically_normal().string();
    }

    static void endpoints(object_reader& in, std::string_view key, std::vector<endpoint>& out)
    {
        std::vector<endpoint> found;
        if (in.each(key, [&](auto const& value, auto const& path) {
                found.push_back(read_endpoint(object_reader::read_text(value, path, 64), path));
            }))
            out = std::move(found);
    }

    static void listen(object_reader& in, listen_config& out)
    {
        endpoints(in, "https", out.https);
        endpoints(in, "http", out.http);
        if (in.is_null("admin"))
            out.admin.reset();
        else if (std::string text; in.text("admin", text), !text.empty())
            out.admin = read_endpoint(text, in.path_of("admin"));
        in.number("backlog", out.backlog, 1, 65'535);
        in.flag("reuse_port", out.reuse_port);
        in.each("proxies", [&](auto const& value, auto const& path) {
            out.proxies.push_back(read_network(object_reader::read_text(value, path, 64), path));
        });
        in.flag("proxy_protocol", out.proxy_protocol);
    }

    static void drain(object_reader& in, drain_config& out)
    {
        in.duration("delay", out.delay, 0s, 1h);
        in.duration("deadline", out.deadline, 0s, 1h);
        in.duration("spread", out.spread, 0s, 1h);
    }

    void tls(object_reader& in, tls_config& out) const
    {
        in.each("certificates", [&](auto const& value, auto const& path) {
            object_reader::read_object(value, path, [&](object_reader& o) {
                auto& one = out.certificates.emplace_back();
                file(o, "chain", one.chain);
                file(o, "key", one.key);
                if (one.chain.empty()) o.refuse("chain", "must be given: a PEM file, the leaf first");
                if (one.key.empty()) o.refuse("key", "must be given: the PEM file of the leaf's private key");
            });
        });
        in.duration("ticket_rotation", out.ticket_rotation, 1s, 7 * day);
        in.duration("hsts_max_age", out.hsts_max_age, 0s, 730 * day);
    }

    void upstream(object_reader& in, upstream_config& out) const
    {
        if (std::string url; in.text("url", url), !url.empty())
            read_upstream_url(url, in.path_of("url"), out);
        in.text("server_name", out.server_name, 253);
        if (!out.server_name.empty()) check_server_name(out.server_name, in.path_of("server_name"));
        file(in, "ca_file", out.ca_file);
        file(in, "crl_file", out.crl_file);
        in.each("pins", [&](auto const& value, auto const& path) {
            out.pins.push_back(read_pin_text(value, path));
        });
        in.choice(
            "credential",
            out.credential,
            {
                {"access_token", credential_kind::access_token},
                {"api_key",      credential_kind::api_key     }
        });
        in.object("api_key", [&](object_reader& o) { place(o, in.path_of("api_key"), out.api_key); });
        in.duration("access_token_lifetime", out.access_token_lifetime, 60s, 3600s);
        in.text("api_version", out.api_version, 10);
        check_api_version(out.api_version, in.path_of("api_version"));
        in.number("idle_max", out.idle_max, 0, 65'536);
        in.number("connections_max", out.connections_max, 1, 65'536);
        in.duration("idle_for", out.idle_for, 1s, 1h);
        in.duration("resolve_every", out.resolve_every, 1s, 1h);
        in.object("warm", [&](object_reader& o) { warm(o, out.warm); });
    }

    static void warm(object_reader& in, warm_config& out)
    {
        in.number("connections_min", out.connections_min, 0, 1'024);
        in.number("connections_max", out.connections_max, 0, 4'096);
        in.each("grants", [&](auto const& value, auto const& path) {
            out.grants.push_back(read_grants(value, path));
        });
        in.number("websockets", out.websockets, 0, 256);
        in.duration("websockets_idle_for", out.websockets_idle_for, 1s, 290s);
    }

    void place(object_reader& in, std::string const& path, secret_place& out) const
    {
        file(in, "file", out.file);
        in.text("credential", out.credential, 255);
        in.text("environment", out.environment, 255);
        auto const given = !out.file.empty() + !out.credential.empty() + !out.environment.empty();
        if (given != 1)
            throw config_error(path, R"(must have exactly one of "file", "credential", "environment")");
        if (out.credential.find('/') != std::string::npos)
            in.refuse("credential", "must be a name in $CREDENTIALS_DIRECTORY, without /");
    }

    void tokens(object_reader& in, token_config& out) const
    {
        in.text("cookie", out.judge.cookie_name, 128);
        check_cookie_name(out.judge.cookie_name, in.path_of("cookie"));
        file(in, "key_file", out.key_file);
        accepted(in, out.judge);
        in.object("jwt", [&](object_reader& o) { jwt(o, out); });
        in.text("cartesia_issuer", out.judge.cartesia_issuer, 256);
        in.flag("query_token", out.judge.accepts_query_token);
        in.duration("leeway", out.judge.leeway, 0s, 5min);
        in.duration("lifetime_default", out.lifetime_default, 1s, day);
        in.duration("lifetime_max", out.lifetime_max, 1s, day);
        in.duration("stream_outlives_token", out.stream_outlives_token, 0s, 7 * day);
        in.number("revocations_max", out.revocations_max, 16, 10'000'000);
        in.each("server_keys", [&](auto const& value, auto const& path) {
            out.server_keys.push_back(read_server_key(value, path));
        });
    }

    void session(object_reader& in, session_config& out) const
    {
        in.duration("lifetime", out.lifetime, 0s, 365 * day);
        in.duration("renew_grace", out.renew_grace, 0s, 1h);
        in.flag("renew_on_use", out.renew_on_use);
        in.flag("clear_site_data", out.clear_site_data);
        in.duration("handoff_lifetime", out.handoff_lifetime, 1s, 5min);
        in.number("handoffs_max", out.handoffs_max, 16, 10'000'000);
        authorize(in, out.authorize);
    }

    void authorize(object_reader& in, authorize_config& out) const
    {
        url(in, "authorize_url", out.url);
        file(in, "authorize_ca_file", out.ca_file);
        std::vector<std::string> headers;
        if (in.each("authorize_headers", [&](auto const& value, auto const& path) {
                headers.push_back(read_passed_header(value, path));
            }))
            out.headers = std::move(headers);
        if (out.headers.size() > passed_headers_max)
            in.refuse(
                "authorize_headers", "must be at most " + std::to_string(passed_headers_max) + " names");
        in.duration("authorize_deadline", out.deadline, 100ms, 60s);
        in.number("authorize_in_flight_max", out.in_flight_max, 1, 65'536);
        in.duration("recheck", out.recheck, 0s, 30 * day);
    }

    static void url(object_reader& in, std::string_view key, http_url& out)
    {
        if (std::string text; in.text(key, text, 2'048), !text.empty())
            out = read_http_url(text, in.path_of(key));
    }

    static void browsers(object_reader& in, browsers_config& out, policy::judge_settings& judge)
    {
        in.each("origins", [&](auto const& value, auto const& path) {
            judge.origins.push_back(read_origin(object_reader::read_text(value, path, 300), path));
        });
        in.duration("preflight_max_age", out.preflight_max_age, 0s, day);
    }

    static void accepted(object_reader& in, policy::judge_settings& out)
    {
        using policy::token_kind;
        bool sealed = false;
        bool cartesia = false;
        auto const given = in.each("accept", [&](auto const& value, auto const& path) {
            auto const kind = object_reader::read_choice<token_kind>(
                value,
                path,
                {
                    {"sealed",   token_kind::sealed  },
                    {"cartesia", token_kind::cartesia}
            });
            (kind == token_kind::sealed ? sealed : cartesia) = true;
        });
        if (!given) return;
        out.accepts_sealed = sealed;
        out.accepts_cartesia = cartesia;
    }

    void jwt(object_reader& in, token_config& out) const
    {
        auto& rules = out.judge.app.emplace();
        file(in, "keys_file", out.app_keys_file);
        url(in, "keys_url", out.app_keys_url);
        file(in, "keys_ca_file", out.app_keys_ca_file);
        in.duration("keys_refresh", out.app_keys_refresh, 10s, day);
        in.text("issuer", rules.issuer, 256);
        in.text("audience", rules.audience, 256);
        in.duration("lifetime_max", rules.lifetime_max, 1s, 30 * day);
        if (out.app_keys_file.empty() && !out.app_keys_url.given())
            in.refuse(
                "keys_file",
                "or keys_url must be given: a JWK Set with the keys that verify what the app signs");
        if (!out.app_keys_file.empty() && out.app_keys_url.given())
            in.refuse("keys_url", "stands beside keys_file; keys come from one place, remove the other");
        if (rules.issuer.empty())
            in.refuse(
                "issuer", "must be given: the \"iss\" of the app's tokens, which tells them from Cartesia's");
        if (rules.audience.empty())
            in.refuse(
                "audience", "must be given: an \"aud\" that the app puts into tokens for this gateway alone");
    }

    void log(object_reader& in, log_config& out) const
    {
        std::string where;
        in.text("access", where, 4'096);
        if (where == "stdout" || where == "off")
            out.access = where;
        else
            file(in, "access", out.access);
        in.bytes("queue_bytes", out.queue_bytes, 64 * KiB, 1 * GiB);
    }

    void process(object_reader& in, process_config& out) const
    {
        in.text("user", out.user, 32);
        file(in, "chroot", out.chroot);
        in.flag("seccomp", out.seccomp);
        in.flag("landlock", out.landlock);
    }

    std::string const& directory_;
};

} // namespace

config read_config(std::string_view json_text, std::string const& directory)
{
    auto const text = read_json(json_text, json_dialect::for_people);
    if (!text.value) throw config_error(text.where, text.what);
    config out;
    object_reader::read_object(
        *text.value, "", [&](object_reader& in) { config_reader(directory).all(in, out); });
    check_rules(out);
    return out;
}

} // namespace gateway
