#pragma once
#include "gateway/edge/connection.hpp"
#include "gateway/edge/desk.hpp"
#include "gateway/edge/listener.hpp"
#include "gateway/session/in_process_revocations.hpp"
#include "tests/bench/instructions/certificates.hpp"
#include "tests/bench/instructions/peer.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// A worker's desk with one client before it and one upstream behind it, all in one thread and in lock step:
/// one side speaks, then the gateway has its turn. Time, tokens and ids are fixed, so that the gateway does
/// the same in each run. The data path is the real one; only the event loop around it is left out, for its
/// timers.
class stand {
public:
    explicit stand(certificate_directory const& certificates);
    stand(stand const&) = delete;
    stand& operator=(stand const&) = delete;
    ~stand();

    /// A new client, until it has shaken hands.
    void connect();
    /// The client leaves, until the gateway is done with it.
    void part();

    /// The client sends `bytes`, until the upstream has heard something that ends in `ending`.
    void client_sends(std::string_view bytes, std::string_view ending);
    /// The upstream sends `bytes`, until the client has heard something that ends in `ending`.
    void upstream_sends(std::string_view bytes, std::string_view ending);
    /// The client sends `bytes`, until it has heard an answer of the gateway's own that ends in `ending`.
    void client_asks(std::string_view bytes, std::string_view ending);

    /// The upstream ends its connection.
    void upstream_leaves();

    [[nodiscard]] std::string const& token() const noexcept { return token_; }
    /// From now on the gateway's turns are counted.
    void count() noexcept { counting_ = true; }

private:
    [[nodiscard]] std::shared_ptr<gateway::edge::generation const> first_generation() const;
    void run_until(std::function<bool()> const& reached);
    void await_news() const;
    void take_turn();

    // What the gateway stands on, in the order in which one thing needs the other.
    gateway::edge::listener front_;
    gateway::edge::listener back_;
    gateway::config config_;
    gateway::published<certs::key_set> token_keys_;
    gateway::published<certs::signature_keys> app_keys_{std::make_shared<certs::signature_keys>()};
    certs::ticket_keys tickets_;
    gateway::published<certs::server_tls> server_tls_;
    gateway::published<certs::context_ptr> upstream_trust_;
    boost::asio::io_context control_{1};
    gateway::published<gateway::upstream::addresses> addresses_;
    gateway::published<gateway::upstream::credentials> credentials_;
    gateway::session::in_process_revocations revoked_;
    gateway::session::renewals renewals_;
    gateway::session::handoffs handoffs_;
    gateway::edge::doorkeeper doorkeeper_;
    gateway::watch::process_metrics process_;
    gateway::watch::access_log log_;
    gateway::upstream::credential_keeper keeper_;
    gateway::edge::upstream_side way_;
    gateway::edge::surroundings around_;
    gateway::edge::desk desk_;

    std::string token_;
    certs::context_ptr client_context_;
    certs::context_ptr upstream_context_;
    std::unique_ptr<gateway::edge::connection> connection_;
    std::optional<peer> client_;
    std::optional<peer> upstream_;
    bool over_ = false; ///< the connection's life is, and it waits to be destroyed
    bool counting_ = false;
};

} // namespace bench
