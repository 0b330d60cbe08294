#pragma once
#include <string>
#include <string_view>

namespace certs {

/// An IPv4 or IPv6 address in text, without brackets.
[[nodiscard]] bool is_ip_address(std::string const& text) noexcept;

/// A DNS name that can be asked for or certified: 1 to 253 letters, digits, '-', '_' and single dots between
/// labels of at most 63. A leading dot is refused above all: to OpenSSL it means "every name below"
/// (X509_check_host(3)).
[[nodiscard]] bool is_dns_name(std::string_view text) noexcept;

} // namespace certs
