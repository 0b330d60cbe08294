#pragma once
#include "certs/pem.hpp"
#include "certs/tls_context.hpp"

#include <chrono>
#include <set>
#include <string>
#include <vector>

namespace certs {

/// The subject alternative names of a leaf that matter to a server.
struct stated_names {
    std::set<std::string> dns;
    std::set<std::string> ip; ///< as bytes
    bool operator==(stated_names const&) const = default;
};

/// A chain and its key as they were read, and the names the leaf states.
struct server_certificate {
    std::vector<certificate> chain; ///< leaf first
    private_key key;
    stated_names names;
    std::chrono::sys_seconds ends_at; ///< of the leaf
};

/// Throws `std::runtime_error` naming the file: unreadable, the key is another one's, a certificate did not
/// issue the one before it, no subject alternative name.
[[nodiscard]] server_certificate read_server_certificate(certificate_files const& files);

/// Makes `context` offer it beside what it has. Throws `std::runtime_error` naming the file, also when
/// `context` has a certificate with a key of this kind already.
void offer(SSL_CTX* context, server_certificate const& offered, certificate_files const& files);

} // namespace certs
