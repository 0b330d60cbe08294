#include "gateway/cli/explain.hpp"

#include "gateway/base/limit_table.hpp"
#include "gateway/base/units.hpp"

#include <iomanip>

namespace gateway::cli {

namespace {

std::string text_of(endpoint const& where)
{
    auto const is_v6 = where.host.find(':') != std::string::npos;
    return (is_v6 ? "[" + where.host + "]" : where.host) + ":" + std::to_string(where.port);
}

std::string text_of(ip_network const& which) { return which.text(); }

template <class T>
std::string list_of(std::vector<T> const& all)
{
    std::string out;
    for (auto const& one : all)
        out.append(out.empty() ? "" : " and ").append(text_of(one));
    return out;
}

std::string list_of(policy::grant_set grants)
{
    std::string out;
    for (auto g : policy::all_grants)
        if (grants.has(g)) out.append(out.empty() ? "" : ", ").append(policy::name(g));
    return out;
}

std::string list_of(policy::method_set methods)
{
    using policy::method;
    std::string out;
    for (auto m :
         {method::get, method::head, method::post, method::put, method::patch, method::del, method::options})
        if (methods.has(m)) out.append(out.empty() ? "" : " ").append(policy::name(m));
    return out;
}

void explain_listeners(config const& what, std::ostream& out)
{
    auto const& listen = what.listen;
    out << "Serves HTTPS at " << list_of(listen.https) << ", with "
        << (what.threads == 0 ? "one event loop for each core"
                              : std::to_string(what.threads) + " event loops")
        << ".\n";
    if (listen.http.empty())
        out << "Has no listener for plain HTTP.\n";
    else
        out << "Answers plain HTTP at " << list_of(listen.http) << " with 403, whatever is asked.\n";
    if (listen.reuse_port)
        out << "Shares its addresses with another voicegate of the same user, should one listen there.\n";
    if (listen.admin)
        out << "Tells health and metrics, and takes revocations and reloads, at http://"
            << text_of(*listen.admin) << ".\n";
    else
        out << "Has no admin listener; `voicegate health` cannot ask it.\n";
    if (what.tls.hsts_max_age.count() == 0) out << "Sends no Strict-Transport-Security.\n";
}

std::string place_of(secret_place const& from)
{
    if (!from.file.empty()) return "the file " + from.file;
    if (!from.credential.empty()) return "the systemd credential " + from.credential;
    return "the environment variable " + from.environment;
}

void explain_warmth(upstream_config const& up, std::ostream& out)
{
    auto const& warm = up.warm;
    if (warm.connections_max == 0)
        out << "Opens no connections ahead of need.\n";
    else
        out << "Keeps " << warm.connections_min << " to " << warm.connections_max
            << " connections open ahead of need, each event loop.\n";
    for (auto const grants : warm.grants)
        out << "Keeps an access token for " << list_of(grants) << " whether it is asked for or not.\n";
    if (warm.websockets > 0)
        out << "Holds up to " << warm.websockets
            << " opened WebSockets for /tts/websocket, each event loop; each "
            << "counts as one of the plan's parallel sockets.\n";
}

void explain_upstream(config const& what, std::ostream& out)
{
    auto const& up = what.upstream;
    out << "Forwards to https://" << text_of({up.host, up.port}) << ", whose certificate must be for "
        << up.expected_name() << " and is verified with "
        << (up.ca_file.empty() ? std::string("the system's certificate store") : up.ca_file) << ".\n";
    if (!up.pins.empty())
        out << "Demands that one of " << up.pins.size() << (up.pins.size() == 1 ? " key" : " keys")
            << " is in the upstream's chain (upstream.pins).\n";
    if (up.pins.size() == 1)
        out << "With one pin alone, nothing reaches the upstream once it has another key: add a second "
               "one.\n";
    explain_warmth(up, out);
    if (!what.tokens.accepts_verified()) {
        out << "Lends no credential of its own: only cartesia tokens are accepted, and each travels alone.\n";
        return;
    }
    if (up.credential == credential_kind::api_key)
        out << "Injects the API key itself, from " << place_of(up.api_key) << ".\n";
    else
        out << "Injects Cartesia access tokens of " << write_duration(up.access_token_lifetime)
            << ", one for each set of grants in use, minted with the API key from " << place_of(up.api_key)
            << ".\n";
}

/// Without the query, which may hold what nobody else should read.
std::string text_of(http_url const& url)
{
    return (url.tls ? "https://" : "http://") + url.authority() + url.target.substr(0, url.target.find('?'));
}

std::string place_of_app_keys(token_config const& tokens)
{
    if (!tokens.app_keys_url.given()) return "in " + tokens.app_keys_file;
    return "at " + text_of(tokens.app_keys_url) + ", fetched every " +
           write_duration(tokens.app_keys_refresh);
}

void explain_tokens(token_config const& tokens, std::ostream& out)
{
    auto const& judge = tokens.judge;
    out << "Reads tokens from the cookie " << judge.cookie_name << ", Authorization: Bearer or X-API-Key"
        << (judge.accepts_query_token ? ", and from the query of WebSocket handshakes" : "") << ".\n";
    if (judge.accepts_sealed)
        out << "Accepts sealed tokens, with the keys in " << tokens.key_file << "; they live "
            << write_duration(tokens.lifetime_default) << ", at most " << write_duration(tokens.lifetime_max)
            << ".\n";
    if (judge.accepts_cartesia)
        out << "Accepts tokens that " << judge.cartesia_issuer
            << " made; it cannot verify them, so they go upstream as they are.\n";
    if (judge.app)
        out << "Accepts tokens that " << judge.app->issuer << " signed for " << judge.app->audience
            << ", with the keys " << place_of_app_keys(tokens) << "; they may have "
            << write_duration(judge.app->lifetime_max) << " before them.\n";
    for (auto const& key : tokens.server_keys) {
        out << "Mints at POST /access-token for the server key " << key.name << ": " << list_of(key.grants);
        if (key.lifetime_max.count() > 0) out << ", for at most " << write_duration(key.lifetime_max);
        if (!key.subject_prefix.empty()) out << ", for subjects that begin with " << key.subject_prefix;
        out << ".\n";
    }
    if (tokens.server_keys.empty() && judge.accepts_sealed)
        out << "Mints nothing at POST /access-token: tokens.server_keys is empty.\n";
}

void explain_browsers(config const& what, std::ostream& out)
{
    auto const& origins = what.tokens.judge.origins;
    out << "Takes the cookie from pages of its own host";
    for (auto const& origin : origins)
        out << (&origin == &origins.back() ? " and " : ", ") << origin;
    out << (origins.empty() ? " alone.\n" : ".\n");
    if (!origins.empty())
        out << "Lets pages of other origins read answers; browsers keep a preflight's for "
            << write_duration(what.browsers.preflight_max_age) << ".\n";
    if (!what.session.clear_site_data)
        out << "Leaves the site's other cookies alone when a session is ended.\n";
}

void explain_sessions(authorize_config const& app, std::ostream& out)
{
    if (!app.url.given()) return;
    out << "Asks " << text_of(app.url) << " who a user is when POST /session brings no token";
    if (app.recheck.count() > 0) out << ", and again at a refresh after " << write_duration(app.recheck);
    out << ".\n";
}

void explain_routes(std::vector<policy::added_route> const& added, std::ostream& out)
{
    policy::route_table const table(added);
    out << "Lets through, and nothing else:\n";
    for (auto const& row : table.rows())
        out << "  " << std::left << std::setw(6) << policy::name(row.needs) << std::setw(5)
            << list_of(row.methods)
            << (row.over == policy::transport::websocket ? " WebSocket " : "           ") << row.path << '\n';
}

/// Notes every limit as text.
struct limit_notes {
    std::vector<std::pair<std::string_view, std::string>> all;

    void bytes(std::string_view name, std::uint64_t value, std::uint64_t, std::uint64_t)
    {
        all.emplace_back(name, write_bytes(value));
    }
    void number(std::string_view name, std::uint64_t value, std::uint64_t, std::uint64_t)
    {
        all.emplace_back(name, std::to_string(value));
    }
    void duration(std::string_view name, milliseconds value, milliseconds, milliseconds)
    {
        all.emplace_back(name, write_duration(value));
    }
};

void explain_proxies(listen_config const& listen, std::ostream& out)
{
    if (listen.proxies.empty()) {
        out << "Takes whoever connects for the client: a proxy that stands in front belongs into "
               "listen.proxies.\n";
        return;
    }
    out << "Believes " << list_of(listen.proxies)
        << (listen.proxy_protocol
                ? " on who the client is: each of their connections must begin with a PROXY header.\n"
                : " on who the client is, in X-Forwarded-For or Forwarded, one of which they must write.\n");
}

void explain_limits(limits_config const& limits, std::ostream& out)
{
    limits_config const usual;
    limit_notes here;
    limit_notes there;
    list_limits(here, limits);
    list_limits(there, usual);
    bool any = false;
    for (std::size_t i = 0; i < here.all.size(); ++i) {
        if (here.all[i].second == there.all[i].second) continue;
        out << "Limit " << here.all[i].first << " is " << here.all[i].second << ", not "
            << there.all[i].second << ".\n";
        any = true;
    }
    if (!any) out << "All limits have their defaults.\n";
}

void explain_drain(drain_config const& drain, std::ostream& out)
{
    out << "After SIGTERM, ";
    if (drain.delay.count() > 0)
        out << "accepts connections for " << write_duration(drain.delay) << " more, ";
    out << "lets streams go on for " << write_duration(drain.deadline) << " and ends what is left over "
        << write_duration(drain.spread) << ".\n";
}

void explain_process(process_config const& process, std::ostream& out)
{
    out << "Serves as " << (process.user.empty() ? "whoever starts it" : "the user " + process.user)
        << (process.chroot.empty() ? "" : ", sees nothing outside " + process.chroot)
        << (process.seccomp ? ", with few calls to the kernel" : ", with every call to the kernel")
        << (process.landlock ? " and few files.\n" : " and every file.\n");
}

} // namespace

void explain(config const& what, std::ostream& out)
{
    explain_listeners(what, out);
    explain_proxies(what.listen, out);
    explain_upstream(what, out);
    explain_tokens(what.tokens, out);
    explain_browsers(what, out);
    explain_sessions(what.session.authorize, out);
    explain_routes(what.routes, out);
    explain_limits(what.limits, out);
    out << "Logs requests to " << what.log.access << ".\n";
    out << "Reads everything anew at SIGHUP"
        << (what.reload.watch ? ", and the files named here when they change.\n" : ".\n");
    explain_drain(what.drain, out);
    explain_process(what.process, out);
}

} // namespace gateway::cli
