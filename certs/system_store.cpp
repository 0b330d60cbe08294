#include "certs/system_store.hpp"

#include <openssl/x509.h>

#include <cstdlib>
#include <sstream>

namespace certs {
namespace {

std::string given_or(char const* variable, char const* usual)
{
    auto const* given = std::getenv(variable); // NOLINT(concurrency-mt-unsafe): nobody changes it
    return given ? given : usual;
}

} // namespace

std::vector<std::string> system_store_paths()
{
    std::vector<std::string> out{given_or(X509_get_default_cert_file_env(), X509_get_default_cert_file())};
    std::istringstream directories(given_or(X509_get_default_cert_dir_env(), X509_get_default_cert_dir()));
    for (std::string one; std::getline(directories, one, ':');)
        if (!one.empty()) out.push_back(one);
    return out;
}

} // namespace certs
