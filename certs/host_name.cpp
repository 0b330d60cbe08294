#include "certs/host_name.hpp"

#include "certs/openssl_ptr.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>

namespace certs {
namespace {

bool is_label(std::string_view label) noexcept
{
    constexpr std::size_t label_bytes_max = 63; // RFC 1035 §2.3.4
    return !label.empty() && label.size() <= label_bytes_max && std::ranges::all_of(label, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_';
    });
}

} // namespace

bool is_ip_address(std::string const& text) noexcept
{
    if (text.find('\0') != std::string::npos) return false;
    owned<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free> const address{a2i_IPADDRESS(text.c_str())};
    if (!address) ERR_clear_error();
    return address != nullptr;
}

bool is_dns_name(std::string_view text) noexcept
{
    constexpr std::size_t name_bytes_max = 253;
    if (text.size() > name_bytes_max) return false;
    for (auto dot = text.find('.'); dot != std::string_view::npos; dot = text.find('.')) {
        if (!is_label(text.substr(0, dot))) return false;
        text.remove_prefix(dot + 1);
    }
    return is_label(text);
}

} // namespace certs
