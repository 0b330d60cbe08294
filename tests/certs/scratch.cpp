#include "scratch.hpp"

#include "certs/file.hpp"
#include "certs/pem.hpp"

#include <openssl/rsa.h>

#include <cstdlib>
#include <stdexcept>

namespace fs = std::filesystem;
using namespace std::chrono_literals;

scratch_directory::scratch_directory()
{
    auto pattern = (fs::temp_directory_path() / "certs_test.XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = pattern;
}

scratch_directory::~scratch_directory()
{
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

test_authority::test_authority()
{
    auto const now = std::chrono::system_clock::now();
    identity_.key = certs::make_p256_key();
    identity_.cert = certs::issue({"test CA", "", now - 2h, now + 2h, true}, identity_.key.get(), nullptr);
    certs::write_file(file(), certs::pem_of(identity_.cert.get()), 0644);
}

certs::certificate_files test_authority::write(leaf_order const& order, certs::identity const* issuer) const
{
    certs::private_key key;
    switch (order.kind) {
    case key_kind::p256:
        key = certs::make_p256_key();
        break;
    case key_kind::rsa_2048:
        key.reset(EVP_RSA_gen(2048U));
        break;
    case key_kind::rsa_1024:
        key.reset(EVP_RSA_gen(1024U));
        break;
    }
    auto const now = std::chrono::system_clock::now();
    certs::certificate_terms const terms{
        order.common_name, order.alternatives, now + order.valid_from, now + order.valid_until, false};
    auto const leaf = certs::issue(terms, key.get(), issuer);
    certs::certificate_files const files{
        (directory_ / (order.name + ".pem")).string(), (directory_ / (order.name + ".key")).string()};
    certs::write_file(files.chain, certs::pem_of(leaf.get()), 0644);
    certs::write_file(files.key, certs::pem_of(key.get()).reveal(), 0600);
    return files;
}
