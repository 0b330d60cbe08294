#pragma once
#include "certs/secret.hpp"
#include "gateway/base/trust.hpp"
#include "gateway/edge/generation.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <string>

namespace gateway {

/// What the files hold that say who the upstream is and what it is shown.
struct upstream_files {
    trust trusted;
    std::string fingerprint; ///< of what `trusted` is made of
    certs::secret api_key;   ///< empty: only cartesia tokens are accepted, and each travels alone
    std::string key_digest;
};

/// Throws `config_error` with the field's path and the remedy.
[[nodiscard]] upstream_files read_upstream_files(upstream_config const& of);

/// Keeps one upstream's address, its trust and the credentials for it, on the control thread. Workers see
/// what it publishes.
class upstream_access {
public:
    /// `known`: where it is, as far as that is known. `changed` runs on the control thread after each change
    /// of credentials.
    upstream_access(
        boost::asio::io_context& control,
        upstream_config of,
        upstream_files files,
        upstream::addresses known,
        std::function<void()> changed,
        upstream::keeper_options options);
    upstream_access(upstream_access const&) = delete;
    upstream_access& operator=(upstream_access const&) = delete;

    /// Whether it can go on as it is, but for who may vouch for it.
    [[nodiscard]] bool is_for(upstream_config const& of, upstream_files const& files) const;
    [[nodiscard]] bool is_at(upstream_config const& of) const;
    /// Looks its address up from now on.
    void start() { resolver_.start(); }
    /// What was asked of `before` will be asked here.
    void mint_ahead(upstream_access const& before);
    /// True: who may vouch for it has changed.
    [[nodiscard]] bool trust_anew(upstream_files const& files);

    [[nodiscard]] edge::upstream_side const& side() const noexcept { return side_; }

private:
    upstream_config const configuration_;
    std::string trust_read_; ///< fingerprint
    std::string const key_digest_;
    published<certs::context_ptr> trust_;
    published<upstream::addresses> addresses_;
    published<upstream::credentials> credentials_{std::make_shared<upstream::credentials>()};
    upstream::resolver resolver_;
    upstream::credential_keeper keeper_;
    edge::upstream_side const side_{configuration_, trust_, addresses_, credentials_, keeper_};
};

} // namespace gateway
