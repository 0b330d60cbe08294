#include "certs/openssl_error.hpp"

#include <openssl/err.h>

#include <stdexcept>

namespace certs {

std::string openssl_reason()
{
    auto const* text = ERR_reason_error_string(ERR_peek_last_error());
    std::string reason = text != nullptr ? text : "OpenSSL gives no reason";
    ERR_clear_error();
    return reason;
}

void throw_openssl_error(std::string_view what)
{
    throw std::runtime_error(std::string(what) + ": " + openssl_reason());
}

void require(bool succeeded, std::string_view what)
{
    if (!succeeded) throw_openssl_error(what);
}

} // namespace certs
