#include "certs/openssl_error.hpp"
#include "certs/server_certificate.hpp"
#include "certs/server_names.hpp"
#include "certs/ticket_state.hpp"
#include "certs/tls_common.hpp"

#include <chrono>
#include <stdexcept>
#include <utility>

namespace certs {
namespace {

constexpr std::chrono::seconds session_lifetime{std::chrono::hours{2}};
constexpr std::string_view session_id_context = "voicegate";

/// RFC 7301 §3.2: who offers only protocols we do not speak is told so; who offers none speaks HTTP/1.1.
int choose_protocol(
    SSL*,
    unsigned char const** chosen,
    unsigned char* chosen_bytes,
    unsigned char const* offered,
    unsigned int offered_bytes,
    void*)
{
    auto const& ours = alpn_http_1_1;
    unsigned char* match = nullptr;
    auto const found =
        SSL_select_next_proto(&match, chosen_bytes, ours.data(), ours.size(), offered, offered_bytes) ==
        OPENSSL_NPN_NEGOTIATED;
    *chosen = match;
    return found ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

context_ptr new_server_context()
{
    auto owner = new_context(TLS_server_method());
    auto* const context = owner.get();
    SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
    SSL_CTX_set_timeout(context, session_lifetime.count());
    // The same on every context, so that a session outlives the switch at SNI.
    auto const set =
        SSL_CTX_set_session_id_context(
            context, bytes_of(session_id_context), static_cast<unsigned>(session_id_context.size())) == 1 &&
        SSL_CTX_set_num_tickets(context, 1) == 1 &&
        SSL_CTX_set_max_early_data(context, 0) ==
            1; // a request that can be replayed is not one (RFC 8446 §8)
    require(set, "TLS context");
    return owner;
}

} // namespace

struct server_tls::state {
    /// One for each set of names; its ECDSA and RSA certificates share it, and OpenSSL picks what the client
    /// can check.
    struct group {
        stated_names names;
        context_ptr context;
    };
    std::vector<group> groups;
    std::vector<served> certificates;
    server_names names;

    SSL_CTX* context_for(stated_names const& stated, ticket_keys::state& tickets);
    static int on_server_name(SSL* connection, int* alert, void* self);
};

SSL_CTX* server_tls::state::context_for(stated_names const& stated, ticket_keys::state& tickets)
{
    for (auto const& known : groups)
        if (known.names == stated) return known.context.get();
    auto context = new_server_context();
    tickets.serve(context.get());
    for (auto const& name : stated.dns)
        names.add(name, groups.size());
    groups.push_back({stated, std::move(context)});
    return groups.back().context.get();
}

int server_tls::state::on_server_name(SSL* connection, int*, void* self)
{
    auto const* const at = static_cast<state const*>(self);
    auto const* const name = SSL_get_servername(connection, TLSEXT_NAMETYPE_host_name);
    if (name == nullptr) return SSL_TLSEXT_ERR_NOACK;
    auto const found = at->names.find(name);
    if (!found) return SSL_TLSEXT_ERR_NOACK; // the first certificate: the client decides what to make of it
    if (SSL_set_SSL_CTX(connection, at->groups[*found].context.get()) == nullptr)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    return SSL_TLSEXT_ERR_OK;
}

server_tls::server_tls(std::vector<certificate_files> const& certificates, ticket_keys& tickets)
    : state_(std::make_unique<state>())
{
    if (certificates.empty()) throw std::runtime_error("no TLS certificate is configured");
    for (auto const& files : certificates) {
        auto const read = read_server_certificate(files);
        offer(state_->context_for(read.names, *tickets.state_), read, files);
        auto const& names = read.names.dns;
        state_->certificates.push_back({names.empty() ? std::string{} : *names.begin(), read.ends_at});
    }
    // What the macro SSL_CTX_set_tlsext_servername_callback does, without its C cast.
    auto* const callback = reinterpret_cast<void (*)()>(&state::on_server_name);
    SSL_CTX_callback_ctrl(context(), SSL_CTRL_SET_TLSEXT_SERVERNAME_CB, callback);
    SSL_CTX_set_tlsext_servername_arg(context(), state_.get());
}

server_tls::~server_tls() = default;

SSL_CTX* server_tls::context() const noexcept { return state_->groups.front().context.get(); }

std::vector<server_tls::served> const& server_tls::certificates() const noexcept
{
    return state_->certificates;
}

} // namespace certs
