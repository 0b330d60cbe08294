#include "certs/asn1_time.hpp"

#include <openssl/asn1.h>
#include <openssl/err.h>

#include <ctime>

namespace certs {

std::optional<std::chrono::sys_seconds> time_of(ASN1_TIME const* at) noexcept
{
    std::tm parts{};
    if (at != nullptr && ASN1_TIME_to_tm(at, &parts) == 1)
        return std::chrono::sys_seconds(std::chrono::seconds(timegm(&parts)));
    ERR_clear_error();
    return std::nullopt;
}

} // namespace certs
