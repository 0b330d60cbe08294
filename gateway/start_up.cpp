#include "gateway/start_up.hpp"

#include "gateway/base/secret_file.hpp"

#include <cstdlib>
#include <sys/resource.h>

namespace gateway {

certs::secret load_api_key(upstream_config const& upstream)
{
    if (!upstream.api_key.given()) return {};
    return load_secret(upstream.api_key, "upstream.api_key", process_environment);
}

void forget_service_manager() noexcept
{
    for (auto const* name :
         {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC"})
        unsetenv(name); // NOLINT(concurrency-mt-unsafe): no thread runs yet
}

void raise_descriptor_limit() noexcept
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

} // namespace gateway
