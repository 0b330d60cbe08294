#pragma once
#include "gateway/base/ip_address.hpp"
#include "policy/judge.hpp"
#include "policy/route.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// An address to listen at: `0.0.0.0:8443`, `[::]:8443`, `127.0.0.1:0`.
struct endpoint {
    std::string host;
    std::uint16_t port = 0;
    friend bool operator==(endpoint const&, endpoint const&) = default;
};

/// `host:port` as `Host` has it (RFC 9110 §7.2): an IPv6 address in brackets, the scheme's own port left out.
[[nodiscard]] std::string
write_authority(std::string_view host, std::uint16_t port, std::uint16_t schemes_own);

/// What the gateway itself calls.
struct http_url {
    bool tls = true;
    std::string host; ///< without brackets; empty: there is nothing to call
    std::uint16_t port = 443;
    std::string target; ///< path and query

    [[nodiscard]] bool given() const noexcept { return !host.empty(); }
    [[nodiscard]] std::string authority() const { return write_authority(host, port, tls ? 443 : 80); }
    friend bool operator==(http_url const&, http_url const&) = default;
};

/// Where a secret lies: one of the three. Never in the configuration itself, never on the command line.
struct secret_place {
    std::string file;
    std::string credential;  ///< a file's name in `$CREDENTIALS_DIRECTORY` (systemd)
    std::string environment; ///< a variable's name

    [[nodiscard]] bool given() const noexcept
    {
        return !file.empty() || !credential.empty() || !environment.empty();
    }
    friend bool operator==(secret_place const&, secret_place const&) = default;
};

struct listen_config {
    std::vector<endpoint> https{
        {"0.0.0.0", 8443},
        {"::",      8443}
    };
    std::vector<endpoint> http{
        {"0.0.0.0", 8080},
        {"::",      8080}
    }; ///< answers 403 to everything; empty: no such listener
    std::optional<endpoint> admin = endpoint{"127.0.0.1", 9100};
    int backlog = 4096;
    bool reuse_port = false; ///< another process of ours may listen there; else it would be a mistake
    std::vector<ip_network> proxies; ///< whose word on who a client is counts
    bool proxy_protocol = false;     ///< their connections begin with its header
    friend bool operator==(listen_config const&, listen_config const&) = default;
};

struct certificate_config {
    std::string chain; ///< PEM file, leaf first
    std::string key;   ///< PEM file
    friend bool operator==(certificate_config const&, certificate_config const&) = default;
};

struct tls_config {
    std::vector<certificate_config> certificates; ///< at least one
    seconds ticket_rotation{4 * 3600};
    seconds hsts_max_age{31'536'000}; ///< 0: no Strict-Transport-Security
    friend bool operator==(tls_config const&, tls_config const&) = default;
};

enum class credential_kind : std::uint8_t { access_token, api_key };

/// What is kept ready towards the upstream ahead of need.
struct warm_config {
    std::size_t connections_min = 1;       ///< open at all times, each worker
    std::size_t connections_max = 32;      ///< as recent demand calls for, each worker; 0: none
    std::vector<policy::grant_set> grants; ///< whose access tokens are minted before a request asks for them
    std::size_t websockets = 0;            ///< opened and authorised ones that are held, each worker
    seconds websockets_idle_for{240};      ///< less than the upstream's 5 minutes (contract §6)
    friend bool operator==(warm_config const&, warm_config const&) = default;
};

struct upstream_config {
    std::string host = "api.cartesia.ai";
    std::uint16_t port = 443;
    std::string server_name; ///< for SNI, verification and `Host`; empty: `host`
    [[nodiscard]] std::string const& expected_name() const noexcept
    {
        return server_name.empty() ? host : server_name;
    }
    std::string ca_file;           ///< empty: the system's store
    std::string crl_file;          ///< what authorities have revoked; empty: it is not looked at
    std::vector<std::string> pins; ///< base64 of SHA-256 of a public key, one of which the chain must have
    credential_kind credential = credential_kind::access_token;
    secret_place api_key;
    seconds access_token_lifetime{600};     ///< 60 to 3600; renewed at 70 to 80 % of it
    std::string api_version = "2026-03-01"; ///< `Cartesia-Version` of the gateway's own calls
    std::size_t idle_max = 256;             ///< idle connections kept, each worker
    std::size_t connections_max = 16'384;   ///< each worker; as many as `limits.connections`
    seconds idle_for{50};
    seconds resolve_every{30};
    warm_config warm;
    friend bool operator==(upstream_config const&, upstream_config const&) = default;
};

struct server_key_config {
    std::string name;
    std::string sha256; ///< 64 hexadecimal digits; `voicegate keygen server` makes key and hash
    policy::grant_set grants{
        policy::grant::tts, policy::grant::stt, policy::grant::agent}; ///< the most it may give away
    seconds lifetime_max{0};      ///< the longest life it may give; 0: `tokens.lifetime_max`
    std::string subject_prefix{}; ///< of every subject that it may name; empty: any, or none
    friend bool operator==(server_key_config const&, server_key_config const&) = default;
};

struct token_config {
    policy::judge_settings judge; ///< cookie name, accepted kinds, query token, leeway, issuers, origins
    std::string key_file;         ///< JWK Set that seals and opens; `voicegate keygen tokens` makes one
    std::string app_keys_file;    ///< JWK Set that verifies what the app signs
    http_url app_keys_url;        ///< or where it is fetched from; neither: nothing is accepted
    std::string app_keys_ca_file; ///< for that; empty: the system's store
    seconds app_keys_refresh{300};
    std::vector<server_key_config> server_keys;
    seconds lifetime_default{60};
    seconds lifetime_max{3600};
    seconds stream_outlives_token{3600}; ///< what a token opened may last so much longer than the token
    std::size_t revocations_max = 65'536;

    /// Whether any token is accepted for which the gateway lends its own credential upstream.
    [[nodiscard]] bool accepts_verified() const noexcept { return judge.accepts_sealed || judge.app; }
    friend bool operator==(token_config const&, token_config const&) = default;
};

/// The app's backend, which is asked who a user is when POST /session brings no token.
struct authorize_config {
    http_url url;                                                      ///< nothing given: nobody is asked
    std::string ca_file;                                               ///< empty: the system's store
    std::vector<std::string> headers{"accept-language", "user-agent"}; ///< of the browser's, passed on
    milliseconds deadline{5'000};
    std::size_t in_flight_max = 256;
    seconds recheck{0}; ///< it is asked again at a refresh when it was last asked so long ago; 0: never
    friend bool operator==(authorize_config const&, authorize_config const&) = default;
};

/// Sessions that POST /session opens.
struct session_config {
    seconds lifetime{12 * 3600};       ///< then it is over, however often it was renewed
    seconds renew_grace{10};           ///< a token younger than this is told again in place of a new one
    bool renew_on_use = true;          ///< an answered request in the last third of a cookie's life renews it
    bool clear_site_data = true;       ///< the end of a session clears all cookies of the site, the app's too
    seconds handoff_lifetime{30};      ///< of a hand-off code
    std::size_t handoffs_max = 65'536; ///< codes that are remembered as redeemed while they live
    authorize_config authorize;
    friend bool operator==(session_config const&, session_config const&) = default;
};

/// Pages of other origins. Which ones there are is for the judge to know (`token_config::judge`).
struct browsers_config {
    seconds preflight_max_age{7200}; ///< so long browsers may keep the answer; Chromium never does longer
    friend bool operator==(browsers_config const&, browsers_config const&) = default;
};

struct limits_config {
    std::size_t head_bytes = std::size_t{16} * 1024;
    std::size_t target_bytes = std::size_t{8} * 1024;
    std::size_t header_fields = 100;
    std::size_t response_head_bytes = std::size_t{32} * 1024;
    std::size_t own_body_bytes = std::size_t{8} * 1024; ///< bodies that the gateway itself reads
    std::uint64_t body_bytes = 2ULL << 30; ///< forwarded request bodies (batch STT: 2 GB, contract §6)
    std::uint64_t frame_bytes = 16ULL << 20;
    std::uint64_t message_bytes = 16ULL << 20;
    std::size_t relay_window_bytes = std::size_t{64} * 1024; ///< held for a slow peer, each direction
    std::size_t replay_bytes = std::size_t{64} * 1024;       ///< a request up to this size can be sent again
    std::size_t connections = 16'384;                        ///< each worker
    std::size_t connections_per_address = 1'024;             ///< of all workers; 0: no such bound
    std::size_t handshakes = 2'048; ///< TLS handshakes under way, each worker; more wait
    std::uint32_t requests_per_connection = 100'000;
    std::uint64_t memory = 0; ///< resident, the whole process; 0: by what the machine has
    unsigned failures = 20;               ///< to authenticate, by one address at once; 0: not counted
    milliseconds failure_refill{3'000};   ///< until an address may fail once more
    std::size_t failure_entries = 16'384; ///< addresses and tokens that are remembered for it, of each kind
    milliseconds rejected_for{60'000};    ///< a cartesia token that the upstream refused is refused here
    milliseconds handshake{10'000};
    milliseconds head{10'000};
    milliseconds idle{75'000};       ///< a kept-alive connection between requests
    milliseconds body_stall{30'000}; ///< no byte either way while a body is under way
    milliseconds upstream_connect{5'000};
    milliseconds upstream_answer{60'000}; ///< from the end of the request to the head of the answer
    milliseconds stream_stall{300'000};   ///< a response body without a byte
    milliseconds websocket_idle{900'000}; ///< a WebSocket without a byte either way
    milliseconds websocket_ping{30'000};  ///< a silent client is pinged, and so long has its answer; 0: never
    milliseconds write_stall{30'000};     ///< a peer that does not take what it asked for
    milliseconds peer_silence{60'000};    ///< a peer whose machine does not even answer TCP's own questions
    milliseconds closing{2'000};          ///< for last words and the peer's close
    friend bool operator==(limits_config const&, limits_config const&) = default;
};

struct log_config {
    std::string access = "stdout"; ///< `stdout`, `off`, or a file's path
    std::size_t queue_bytes = 4 << 20;
    friend bool operator==(log_config const&, log_config const&) = default;
};

/// The end in good order. All times count from its beginning.
struct drain_config {
    milliseconds delay{0};         ///< until the listeners close; readiness fails at once
    milliseconds deadline{30'000}; ///< streams may go on for so long
    milliseconds spread{10'000};   ///< behind the deadline: over so long they are ended, one after another
    friend bool operator==(drain_config const&, drain_config const&) = default;
};

/// What is read anew without being asked.
struct reload_config {
    bool watch = true; ///< files of certificates and keys, when they change
    friend bool operator==(reload_config const&, reload_config const&) = default;
};

/// What the process gives up once it serves.
struct process_config {
    std::string user;     ///< a name or a number; empty: whoever starts it
    std::string chroot;   ///< a directory; empty: none
    bool seccomp = true;  ///< only those calls to the kernel that serving takes
    bool landlock = true; ///< only those files that the configuration names, where the kernel can
    friend bool operator==(process_config const&, process_config const&) = default;
};

/// The whole configuration. Every bound has a name, a unit and a default here.
struct config {
    listen_config listen;
    unsigned threads = 0; ///< 0: one for each core
    tls_config tls;
    upstream_config upstream;
    token_config tokens;
    session_config session;
    browsers_config browsers;
    std::vector<policy::added_route> routes;
    limits_config limits;
    log_config log;
    drain_config drain;
    reload_config reload;
    process_config process;
    friend bool operator==(config const&, config const&) = default;
};

/// What is wrong with a configuration: `where` is the path of the field (`tls.certificates[0].key`), `what`
/// says the remedy. `what()` is "where: what".
class config_error : public std::runtime_error {
public:
    config_error(std::string where, std::string const& what);
    [[nodiscard]] std::string const& where() const noexcept { return where_; }

private:
    std::string where_;
};

/// Reads a configuration: JSON with comments and trailing commas. Unknown keys, wrong types, repeated keys
/// and impossible values throw `config_error`; relative file names are resolved against `directory`.
[[nodiscard]] config read_config(std::string_view json_text, std::string const& directory);

} // namespace gateway
