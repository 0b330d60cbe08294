#include "gateway/cli/doctor_upstream.hpp"

#include "gateway/base/http_date.hpp"
#include "gateway/base/trust.hpp"
#include "gateway/base/units.hpp"
#include "gateway/upstream/credential_mint.hpp"
#include "gateway/upstream/fetch.hpp"
#include "gateway/upstream/resolver.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <cstdlib>

namespace gateway::cli {

namespace net = boost::asio;

namespace {

constexpr milliseconds patience{10'000}; // for each call
constexpr seconds shortest_life{60};     // of a token: contract §4
constexpr seconds skew_max{10};          // beyond it tokens of a minute suffer

template <class T>
T result_of(net::io_context& io, net::awaitable<T> what)
{
    auto result = net::co_spawn(io, std::move(what), net::use_future);
    io.restart();
    io.run();
    return result.get();
}

/// Empty: it has none.
upstream::addresses look_up(upstream_config const& up, diagnosis& out)
{
    auto const found = upstream::look_up_at_once({up.host, up.port});
    if (!found) {
        out.wrong(
            "name",
            up.host + " has no address: " + found.error().message(),
            "see upstream.url, /etc/resolv.conf, and whether a name server can be reached from here");
        return {};
    }
    auto const more = found->size() > 1 ? " and " + std::to_string(found->size() - 1) + " more" : "";
    out.ok("name", up.host + " is " + found->front().address().to_string() + more);
    return *found;
}

void tell_unreachable(upstream::fetched const& answer, upstream_config const& up, diagnosis& out)
{
    auto const where = write_authority(up.host, up.port, 0);
    if (answer.flaw.starts_with("TLS"))
        return out.wrong(
            "upstream",
            where + " cannot be trusted: " + answer.flaw,
            "see upstream.ca_file, server_name, pins and crl_file, and whether something on the way opens "
            "TLS");
    if (answer.how == upstream::fetched::ending::bad_answer)
        return out.wrong(
            "upstream", where + ": " + answer.flaw, "see whether upstream.url names the voice API");
    out.wrong(
        "upstream",
        where + " cannot be reached: " + answer.flaw,
        "see upstream.url, and whether a firewall lets connections out");
}

void compare_clocks(std::string const& date, diagnosis& out)
{
    auto const now = std::chrono::floor<seconds>(std::chrono::system_clock::now());
    auto const there = read_http_date(date);
    if (!there) return out.note("clock", "the upstream does not tell the time, so it cannot be compared");
    auto const ahead = now - *there;
    auto const apart = write_duration(std::chrono::abs(ahead));
    if (std::chrono::abs(ahead) <= skew_max)
        return out.ok("clock", "it is " + apart + " apart from the upstream's");
    out.wrong(
        "clock",
        "it is " + apart + (ahead.count() > 0 ? " ahead of" : " behind") + " the upstream's",
        "set it, and have it kept right (timedatectl set-ntp true): tokens live and die by it");
}

/// True when the upstream answered, whatever it said.
bool ask(
    net::io_context& io,
    upstream_config const& up,
    published<upstream::addresses> const& where,
    diagnosis& out)
{
    auto const request = "GET / HTTP/1.1\r\nHost: " + write_authority(up.expected_name(), up.port, 443) +
                         "\r\nUser-Agent: voicegate\r\nAccept: */*\r\nConnection: close\r\n\r\n";
    upstream::fetch_client client(io, {up.expected_name(), load_upstream_trust(up)}, where);
    upstream::fetch_bounds const bounds{patience};
    auto const answer = result_of(io, client.fetch(request, bounds));
    if (answer.how != upstream::fetched::ending::answered) {
        tell_unreachable(answer, up, out);
        return false;
    }
    out.ok("upstream", "it answers over TLS, with a certificate for " + up.expected_name());
    compare_clocks(answer.date, out);
    return true;
}

void try_key(
    net::io_context& io,
    upstream_config up,
    published<upstream::addresses> const& where,
    environment const& get,
    diagnosis& out)
{
    if (!up.api_key.given())
        return out.note(
            "key", "none is configured: only cartesia tokens are accepted, and each travels alone");
    up.access_token_lifetime = shortest_life;
    upstream::mint_client client(io, up, load_secret(up.api_key, "upstream.api_key", get), where, patience);
    auto const made = result_of(io, client.mint(policy::grant_set{policy::grant::tts}));
    if (made.flaw.empty()) return out.ok("key", "the upstream mints tokens with it");
    out.wrong(
        "key",
        "no token was minted with it: " + made.flaw,
        "after 401 or 403 make another one at Cartesia and put it where upstream.api_key says");
}

} // namespace

void examine_upstream(upstream_config const& up, environment const& get, diagnosis& out)
{
    auto found = look_up(up, out);
    if (found.empty()) return;
    net::io_context io{1};
    published<upstream::addresses> const where(std::make_shared<upstream::addresses const>(std::move(found)));
    try {
        if (ask(io, up, where, out)) try_key(io, up, where, get, out);
    } catch (config_error const& flaw) {
        out.wrong("configuration", flaw.what());
    }
}

} // namespace gateway::cli
