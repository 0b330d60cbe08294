#include "certs/revocation_lists.hpp"

#include "certs/asn1_time.hpp"
#include "certs/pem.hpp"

#include <algorithm>
#include <stdexcept>

namespace certs {
namespace {

std::chrono::sys_seconds stated_time(ASN1_TIME const* at, std::string const& what)
{
    if (auto const read = time_of(at)) return *read;
    throw std::runtime_error(what + " does not say when it was made, or when the next one comes");
}

std::string text_of(ASN1_TIME const* at)
{
    bio const out{BIO_new(BIO_s_mem())};
    ASN1_TIME_print(out.get(), at);
    char* data = nullptr;
    auto const size = BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

} // namespace

revocation_lists load_revocation_lists(std::string const& file, std::chrono::sys_seconds now)
{
    revocation_lists got{read_revocation_lists(file)};
    for (std::size_t i = 0; i < got.all.size(); ++i) {
        auto const what = file + ": revocation list " + std::to_string(i + 1);
        auto const* const made = X509_CRL_get0_lastUpdate(got.all[i].get());
        auto const* const next = X509_CRL_get0_nextUpdate(got.all[i].get());
        auto const end = stated_time(next, what);
        if (stated_time(made, what) > now)
            throw std::runtime_error(what + " is of the future, of " + text_of(made));
        if (end <= now)
            throw std::runtime_error(
                what + " has expired: the next one was due on " + text_of(next) + "; fetch it");
        got.good_until = std::min(got.good_until, end);
    }
    return got;
}

} // namespace certs
