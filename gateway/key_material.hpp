#pragma once
#include "certs/keyring.hpp"
#include "certs/signature_keys.hpp"
#include "certs/tls_context.hpp"
#include "gateway/base/config.hpp"
#include "gateway/base/published.hpp"

#include <memory>

namespace gateway {

/// What lies in the files of keys and certificates of the gateway's own that the configuration names. Each
/// worker sees what was published last, so that a key that is gone is good for nothing anywhere; what runs
/// keeps what it began with.
class key_material {
public:
    /// Throws `config_error` when a file does not load.
    explicit key_material(config const& of);

    /// What was read and is not in force.
    struct fresh {
        std::shared_ptr<certs::key_set const> token_keys;
        std::shared_ptr<certs::signature_keys const> app_keys; ///< null: they are fetched
        std::shared_ptr<certs::server_tls const> server_tls;
    };
    /// Throws `config_error` when a file does not load.
    [[nodiscard]] fresh read(config const& of);
    void put_in_force(fresh const& read);

    certs::ticket_keys tickets; ///< which outlive the certificates: sessions go on under new ones
    published<certs::key_set> token_keys;
    published<certs::signature_keys> app_keys;
    published<certs::server_tls> server_tls;
};

} // namespace gateway
