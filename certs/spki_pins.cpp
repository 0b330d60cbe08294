#include "certs/spki_pins.hpp"

#include "certs/base64url.hpp"
#include "certs/digest.hpp"
#include "certs/openssl_error.hpp"

#include <openssl/crypto.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <memory>
#include <string>

namespace certs {
namespace {

using pin_list = std::vector<spki_pin>;

void free_der(unsigned char* bytes) { OPENSSL_free(bytes); } // a macro: it is no function of its own

void free_pins(void*, void* pins, CRYPTO_EX_DATA*, int, long, void*)
{
    std::unique_ptr<pin_list> const over(static_cast<pin_list*>(pins));
}

/// Where a context owns its pins; OpenSSL gives the number to the process, for good.
int slot()
{
    static int const index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_pins);
    return index;
}

bool is_pinned(X509_STORE_CTX* verified, pin_list const& pins)
{
    auto const* const chain = X509_STORE_CTX_get0_chain(verified);
    for (int i = 0; i < sk_X509_num(chain); ++i)
        if (std::ranges::find(pins, pin_of(sk_X509_value(chain, i))) != pins.end()) return true;
    return false;
}

/// In place of OpenSSL's verification, as SSL_CTX_set_cert_verify_callback(3) says: its own, then the pins.
int verify(X509_STORE_CTX* chain, void* pins) noexcept
try {
    if (X509_verify_cert(chain) != 1) return 0;
    if (is_pinned(chain, *static_cast<pin_list const*>(pins))) return 1;
    X509_STORE_CTX_set_error(chain, X509_V_ERR_APPLICATION_VERIFICATION);
    return 0;
} catch (std::exception const&) { // no memory
    X509_STORE_CTX_set_error(chain, X509_V_ERR_OUT_OF_MEM);
    return 0;
}

} // namespace

std::optional<spki_pin> read_pin(std::string_view base64)
{
    spki_pin pin{};
    if (base64.size() != 44 || base64.back() != '=') return std::nullopt;
    if (base64.find_first_of("-_") != std::string_view::npos) return std::nullopt;
    std::string text(base64.substr(0, 43));
    std::ranges::replace(text, '+', '-');
    std::ranges::replace(text, '/', '_');
    auto const bytes = from_base64url(text);
    if (!bytes || bytes->size() != pin.size()) return std::nullopt;
    std::ranges::copy(*bytes, pin.begin());
    return pin;
}

spki_pin pin_of(X509 const* of)
{
    unsigned char* der = nullptr;
    auto const size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(of), &der);
    require(size > 0, "a certificate's public key");
    owned<unsigned char, free_der> const bytes(der);
    return sha256({reinterpret_cast<char const*>(der), static_cast<std::size_t>(size)});
}

void demand_pins(SSL_CTX* context, std::vector<spki_pin> pins)
{
    auto kept = std::make_unique<pin_list>(std::move(pins));
    require(SSL_CTX_set_ex_data(context, slot(), kept.get()) == 1, "pins");
    SSL_CTX_set_cert_verify_callback(context, verify, kept.release());
}

} // namespace certs
