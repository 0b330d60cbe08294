#include "gateway/start_up.hpp"

#include "gateway/base/secret_file.hpp"

#include <sys/resource.h>

namespace gateway {

certs::secret load_api_key(upstream_config const& upstream)
{
    if (!upstream.api_key.given()) return {};
    return load_secret(upstream.api_key, "upstream.api_key", process_environment);
}

certs::context_ptr load_upstream_context(upstream_config const& upstream)
{
    try {
        return certs::make_client_context({upstream.ca_file, upstream.expected_name()});
    } catch (std::runtime_error const& flaw) {
        throw config_error("upstream.ca_file", flaw.what());
    }
}

certs::server_tls load_server_tls(tls_config const& tls, certs::ticket_keys& tickets)
{
    std::vector<certs::certificate_files> files;
    for (auto const& one : tls.certificates)
        files.push_back({one.chain, one.key});
    try {
        return certs::server_tls(files, tickets);
    } catch (std::runtime_error const& flaw) {
        throw config_error("tls.certificates", flaw.what());
    }
}

void raise_descriptor_limit() noexcept
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

} // namespace gateway
