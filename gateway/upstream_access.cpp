#include "gateway/upstream_access.hpp"

#include "certs/digest.hpp"
#include "gateway/start_up.hpp"

namespace gateway {

upstream_files read_upstream_files(upstream_config const& of)
{
    upstream_files out;
    out.fingerprint = fingerprint_of_trust(of);
    out.trusted = load_upstream_trust(of); // also when it is the same: a list may have expired
    out.api_key = load_api_key(of);
    out.key_digest = certs::sha256_hex(out.api_key.reveal());
    return out;
}

upstream_access::upstream_access(
    boost::asio::io_context& control,
    upstream_config of,
    upstream_files files,
    upstream::addresses known,
    std::function<void()> changed,
    upstream::keeper_options options)
    : configuration_(std::move(of)),
      trust_read_(std::move(files.fingerprint)),
      key_digest_(std::move(files.key_digest)),
      trust_(std::move(files.trusted)),
      addresses_(std::make_shared<upstream::addresses>(std::move(known))),
      resolver_(
          control, {configuration_.host, configuration_.port, configuration_.resolve_every}, addresses_),
      keeper_(
          control,
          configuration_,
          std::move(files.api_key),
          addresses_,
          credentials_,
          std::move(changed),
          std::move(options))
{
}

bool upstream_access::is_for(upstream_config const& of, upstream_files const& files) const
{
    return of == configuration_ && files.key_digest == key_digest_;
}

bool upstream_access::is_at(upstream_config const& of) const
{
    return of.host == configuration_.host && of.port == configuration_.port;
}

void upstream_access::mint_ahead(upstream_access const& before)
{
    if (before.configuration_.credential != credential_kind::access_token) return;
    auto const in_use = before.credentials_.latest();
    for (std::size_t index = 0; index < policy::grant_set::distinct; ++index)
        if (in_use->by_grants[index].bearer) keeper_.want(policy::grant_set::at(index));
}

bool upstream_access::trust_anew(upstream_files const& files)
{
    if (files.fingerprint == trust_read_) return false;
    trust_read_ = files.fingerprint;
    trust_.publish(files.trusted);
    keeper_.trust_anew(files.trusted);
    return true;
}

} // namespace gateway
