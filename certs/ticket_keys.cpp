#include "certs/openssl_error.hpp"
#include "certs/ticket_state.hpp"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include <algorithm>
#include <mutex>
#include <utility>

namespace certs {
namespace {

constexpr std::size_t cipher_key_bytes = 32;
constexpr std::size_t mac_key_bytes = 32;

enum ticket_answer : int { failed = -1, unknown_key = 0, go_on = 1, renew = 2 };

/// Where a context remembers its keys. A slot of our own: slot 0, "app data", belongs to whoever uses the
/// context (Asio's `ssl::context` deletes what it finds there).
int slot()
{
    static int const index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

bool set_mac_key(EVP_MAC_CTX* context, secret const& key)
{
    // OSSL_PARAM has no const form; what it points to is only read.
    std::string digest = "SHA256";
    auto* const bytes = const_cast<char*>(key.reveal().data());
    std::array const params{
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, bytes, key.reveal().size()),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_end()};
    return EVP_MAC_CTX_set_params(context, params.data()) == 1;
}

secret random_secret(random_source const& random, std::size_t size)
{
    std::string bytes(size, '\0');
    random({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
    return secret(std::move(bytes));
}

} // namespace

ticket_keys::state::state(random_source source)
    : random_(std::move(source)),
      cipher_(EVP_CIPHER_fetch(nullptr, "AES-256-CBC", nullptr)),
      current_(make_key())
{
    require(cipher_ != nullptr, "AES-256-CBC");
}

ticket_key ticket_keys::state::make_key() const
{
    ticket_key key;
    random_(key.name);
    key.cipher_key = random_secret(random_, cipher_key_bytes);
    key.mac_key = random_secret(random_, mac_key_bytes);
    return key;
}

void ticket_keys::state::rotate()
{
    std::unique_lock const lock(guard_);
    previous_ = std::exchange(current_, make_key());
}

void ticket_keys::state::serve(SSL_CTX* context)
{
    auto const set = SSL_CTX_set_ex_data(context, slot(), this) == 1 &&
                     SSL_CTX_set_tlsext_ticket_key_evp_cb(context, on_ticket) == 1;
    require(set, "TLS tickets");
}

ticket_key const* ticket_keys::state::named(unsigned char const* name) const
{
    auto const is = [&](ticket_key const& key) {
        return std::ranges::equal(key.name, std::span(name, ticket_key::name_bytes));
    };
    if (is(current_)) return &current_;
    return previous_ && is(*previous_) ? &*previous_ : nullptr;
}

int ticket_keys::state::on_ticket(
    SSL* connection,
    unsigned char* name,
    unsigned char* iv,
    EVP_CIPHER_CTX* cipher_context,
    EVP_MAC_CTX* mac_context,
    int sealing)
{
    auto const& self = *static_cast<state const*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(connection), slot()));
    std::shared_lock const lock(self.guard_);
    auto const* const key = sealing != 0 ? &self.current_ : self.named(name);
    if (key == nullptr) return unknown_key;
    if (sealing != 0) {
        std::ranges::copy(key->name, name);
        // Not `random_`: that one need not be safe to call from several threads.
        system_random({iv, static_cast<std::size_t>(EVP_CIPHER_get_iv_length(self.cipher_.get()))});
    }
    auto const* const bytes = bytes_of(key->cipher_key.reveal());
    auto const ready =
        EVP_CipherInit_ex2(cipher_context, self.cipher_.get(), bytes, iv, sealing, nullptr) == 1 &&
        set_mac_key(mac_context, key->mac_key);
    if (!ready) return failed;
    // A client uses a ticket once (RFC 8446 §C.4): each resumption brings it the next.
    return sealing != 0 ? go_on : renew;
}

ticket_keys::ticket_keys(random_source random) : state_(std::make_unique<state>(std::move(random))) {}
ticket_keys::~ticket_keys() = default;
void ticket_keys::rotate() { state_->rotate(); }

} // namespace certs
