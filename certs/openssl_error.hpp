#pragma once
#include <string>
#include <string_view>

namespace certs {

/// The reason OpenSSL gave last on this thread, in its words. Empties the thread's error queue, because an
/// entry left there makes a later SSL_get_error lie (SSL_get_error(3)).
[[nodiscard]] std::string openssl_reason();

/// Throws `std::runtime_error`: "`what`: reason".
[[noreturn]] void throw_openssl_error(std::string_view what);

/// For calls that fail only when memory or a provider is missing.
void require(bool succeeded, std::string_view what);

} // namespace certs
