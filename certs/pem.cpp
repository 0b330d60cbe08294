#include "certs/pem.hpp"

#include "certs/file.hpp"
#include "certs/openssl_error.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <stdexcept>
#include <utility>

namespace certs {
namespace {

/// Answers OpenSSL's question for a pass phrase with "none"; its own way is to stop and ask the terminal.
int no_pass_phrase(char*, int, int, void*) { return -1; }

bio over(secret const& text)
{
    auto const bytes = text.reveal(); // at most 1 MiB: see read_file
    bio source{BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size()))};
    require(source != nullptr, "memory");
    return source;
}

std::string_view contents(BIO* memory)
{
    char* data = nullptr;
    auto const size = BIO_get_mem_data(memory, &data);
    return {data, static_cast<std::size_t>(size)};
}

/// All that a file has of one kind, at least one.
template <class One, class Read>
std::vector<One> read_all(std::filesystem::path const& path, Read read, std::string const& kind)
{
    auto const text = read_file(path);
    auto const source = over(text);
    std::vector<One> all;
    for (;;) {
        One next{read(source.get(), nullptr, no_pass_phrase, nullptr)};
        if (!next) break;
        all.push_back(std::move(next));
    }
    auto const ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    auto const number = std::to_string(all.size() + 1);
    if (!ended) throw_openssl_error(path.string() + ": " + kind + " " + number + " cannot be read");
    ERR_clear_error();
    if (all.empty()) throw std::runtime_error(path.string() + ": holds no " + kind + " in PEM form");
    return all;
}

} // namespace

std::vector<certificate> read_certificates(std::filesystem::path const& path)
{
    return read_all<certificate>(path, PEM_read_bio_X509, "certificate");
}

std::vector<revocation_list> read_revocation_lists(std::filesystem::path const& path)
{
    return read_all<revocation_list>(path, PEM_read_bio_X509_CRL, "revocation list");
}

private_key read_private_key(std::filesystem::path const& path)
{
    auto const text = read_private_file(path);
    auto const source = over(text);
    private_key key{PEM_read_bio_PrivateKey(source.get(), nullptr, no_pass_phrase, nullptr)};
    if (!key) throw_openssl_error(path.string() + ": holds no unencrypted private key in PEM form");
    ERR_clear_error();
    return key;
}

std::string pem_of(X509* cert)
{
    bio const out{BIO_new(BIO_s_mem())};
    require(out && PEM_write_bio_X509(out.get(), cert) == 1, "writing a certificate");
    return std::string(contents(out.get()));
}

secret pem_of(EVP_PKEY* key)
{
    bio const out{BIO_new(BIO_s_secmem())}; // wiped when freed
    auto const written =
        out && PEM_write_bio_PKCS8PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1;
    require(written, "writing a private key");
    return secret(std::string(contents(out.get())));
}

} // namespace certs
