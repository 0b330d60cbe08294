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
    : tickets(certs::system_random),
      token_keys(nullptr),
      app_keys(std::make_shared<certs::signature_keys const>()),
      server_tls(nullptr)
{
    put_in_force(read(of));
}

key_material::fresh key_material::read(config const& of)
{
    fresh out;
    out.token_keys = load_token_keys(of.tokens, now());
    if (!of.tokens.app_keys_url.given()) out.app_keys = load_app_keys(of.tokens);
    out.server_tls = load_server_tls(of.tls, tickets);
    return out;
}

void key_material::put_in_force(fresh const& read)
{
    token_keys.publish(read.token_keys);
    if (read.app_keys) app_keys.publish(read.app_keys);
    server_tls.publish(read.server_tls);
}

} // namespace gateway
