#pragma once
#include "certs/dev_ca.hpp"
#include "gateway/generations.hpp"
#include "gateway/key_material.hpp"
#include "tests/gateway/scratch.hpp"

#include <boost/asio/io_context.hpp>

namespace tests {

/// What a gateway serves by, without one that serves.
struct serving : scratch {
    serving()
    {
        certs::make_development_certificates(path("certs"), {}, std::chrono::system_clock::now());
        first.tls.certificates = {
            {path("certs/localhost.pem"), path("certs/localhost.key")}
        };
        first.upstream.host = "127.0.0.1";
        first.upstream.ca_file = path("certs/ca.pem");
        first.tokens.judge.accepts_sealed = false;
        (void)all.put_in_force(all.make(first));
    }

    /// Puts a generation in force; says whether it is another one than before.
    bool put(gateway::config const& of)
    {
        auto const before = all.now();
        (void)all.put_in_force(all.make(of));
        return all.now() != before;
    }

    gateway::config first;
    boost::asio::io_context control{1};
    gateway::published<certs::signature_keys> app_keys{std::make_shared<certs::signature_keys const>()};
    gateway::watch::process_metrics counts;
    gateway::generations all{control, app_keys, counts, [] {}};
};

} // namespace tests
