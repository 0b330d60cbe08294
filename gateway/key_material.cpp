#include "gateway/key_material.hpp"

#include "gateway/base/app_keys.hpp"
#include "gateway/base/token_keys.hpp"
#include "gateway/base/told.hpp"

#include <chrono>

namespace gateway {

namespace {

std::chrono::sys_seconds now() { return std::chrono::floor<seconds>(std::chrono::system_clock::now()); }

std::shared_ptr<certs::server_tls const> load_server_tls(tls_config const& tls, certs::ticket_keys& tickets)
{
    std::vector<certs::certificate_files> files;
    for (auto const& one : tls.certificates)
        files.push_back({one.chain, one.key});
    return told(
        "tls.certificates", [&] { return std::make_shared<certs::server_tls const>(files, tickets); });
}

} // namespace

key_material::key_material(config const& of)
    : token_keys(load_token_keys(of.tokens, now())),
      app_keys(load_app_keys(of.tokens)),
      tickets(certs::system_random),
      server_tls(load_server_tls(of.tls, tickets)),
      upstream_trust(load_upstream_trust(of.upstream)),
      of_(of),
      trust_read_(fingerprint_of_trust(of.upstream))
{
}

void key_material::take_part_in(reload& parts, std::function<void()> trust_changed)
{
    parts.add([this] {
        auto keys = load_token_keys(of_.tokens, now());
        return [this, keys] { token_keys.publish(keys); };
    });
    if (!of_.tokens.app_keys_file.empty())
        parts.add([this] {
            auto keys = load_app_keys(of_.tokens);
            return [this, keys] { app_keys.publish(keys); };
        });
    parts.add([this] {
        auto shown = load_server_tls(of_.tls, tickets);
        return [this, shown] { server_tls.publish(shown); };
    });
    parts.add([this, changed = std::move(trust_changed)] { return read_trust(changed); });
}

/// Connections that are kept ready towards the upstream end when who may vouch for it changes; not each time
/// that a token's key does.
reload::step key_material::read_trust(std::function<void()> const& changed)
{
    auto fingerprint = fingerprint_of_trust(of_.upstream);
    auto trusted = load_upstream_trust(of_.upstream); // also when it is the same: a list may have expired
    if (fingerprint == trust_read_) return [] {};
    return [this, fingerprint, trusted, changed] {
        trust_read_ = fingerprint;
        upstream_trust.publish(trusted);
        changed();
    };
}

} // namespace gateway
