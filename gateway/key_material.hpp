#pragma once
#include "certs/keyring.hpp"
#include "certs/signature_keys.hpp"
#include "certs/tls_context.hpp"
#include "gateway/base/config.hpp"
#include "gateway/base/published.hpp"
#include "gateway/base/trust.hpp"
#include "gateway/reload.hpp"

#include <functional>
#include <string>

namespace gateway {

/// What lies in the files of keys and certificates that the configuration names: read at the start, and anew
/// when `parts` are run. Each worker sees what was published last; what runs keeps what it began with.
class key_material {
public:
    /// `of` must outlive the object. Throws `config_error` when a file does not load.
    explicit key_material(config const& of);

    /// Adds what can be read anew. `trust_changed` runs behind a change of who may vouch for the upstream.
    void take_part_in(reload& parts, std::function<void()> trust_changed);

    published<certs::key_set> token_keys;
    published<certs::signature_keys> app_keys;
    certs::ticket_keys tickets; ///< which outlive the certificates: sessions go on under new ones
    published<certs::server_tls> server_tls;
    published<certs::context_ptr> upstream_trust;

private:
    [[nodiscard]] reload::step read_trust(std::function<void()> const& changed);

    config const& of_;
    std::string trust_read_; ///< fingerprint
};

} // namespace gateway
