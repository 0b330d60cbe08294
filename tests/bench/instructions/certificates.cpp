#include "tests/bench/instructions/certificates.hpp"

#include "certs/dev_ca.hpp"

#include <openssl/ssl.h>

#include <cstdlib>
#include <ctime>
#include <stdexcept>

namespace bench {

certificate_directory::certificate_directory()
{
    auto pattern = (std::filesystem::temp_directory_path() / "bench.XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = pattern;
    // OpenSSL looks at the real time, not at the stopped clock.
    certs::make_development_certificates(
        path_, {}, std::chrono::system_clock::from_time_t(std::time(nullptr)));
}

certificate_directory::~certificate_directory()
{
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

certs::context_ptr careless_client()
{
    certs::context_ptr context(SSL_CTX_new(TLS_client_method()));
    if (!context) throw std::runtime_error("SSL_CTX_new");
    return context;
}

certs::context_ptr plain_server(certs::certificate_files const& leaf)
{
    certs::context_ptr context(SSL_CTX_new(TLS_server_method()));
    if (!context || SSL_CTX_use_certificate_chain_file(context.get(), leaf.chain.c_str()) != 1 ||
        SSL_CTX_use_PrivateKey_file(context.get(), leaf.key.c_str(), SSL_FILETYPE_PEM) != 1)
        throw std::runtime_error("the upstream's certificate");
    SSL_CTX_set_num_tickets(context.get(), 0);
    return context;
}

} // namespace bench
