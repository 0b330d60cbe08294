#include "gateway/base/trust.hpp"

#include "certs/digest.hpp"
#include "certs/file.hpp"
#include "certs/spki_pins.hpp"
#include "gateway/base/told.hpp"

namespace gateway {

namespace {

trust make_trust(certs::client_tls_settings const& settings, std::string const& field)
{
    return told(field, [&] {
        return std::make_shared<certs::context_ptr const>(certs::make_client_context(settings));
    });
}

} // namespace

trust load_upstream_trust(upstream_config const& upstream)
{
    certs::client_tls_settings settings{upstream.ca_file, upstream.expected_name()};
    if (!upstream.crl_file.empty()) {
        auto const now = std::chrono::floor<seconds>(std::chrono::system_clock::now());
        settings.revoked =
            told("upstream.crl_file", [&] { return certs::load_revocation_lists(upstream.crl_file, now); });
    }
    for (auto const& text : upstream.pins)
        if (auto const pin = certs::read_pin(text)) settings.pins.push_back(*pin);
    return make_trust(settings, "upstream.ca_file");
}

trust load_trust(http_url const& url, std::string const& ca_file, std::string const& field)
{
    if (!url.tls) return nullptr;
    return make_trust({ca_file, url.host}, field);
}

std::string fingerprint_of_file(std::string const& field, std::string const& file)
{
    if (file.empty()) return {};
    return told(field, [&] { return certs::sha256_hex(certs::read_file(file).reveal()); });
}

std::string fingerprint_of_trust(upstream_config const& upstream)
{
    return fingerprint_of_file("upstream.ca_file", upstream.ca_file) +
           fingerprint_of_file("upstream.crl_file", upstream.crl_file);
}

} // namespace gateway
