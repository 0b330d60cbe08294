#pragma once
#include "gateway/base/cross_origin.hpp"
#include "gateway/base/signature_verifier.hpp"
#include "gateway/base/token_cipher.hpp"
#include "gateway/edge/generation.hpp"
#include "gateway/edge/loop.hpp"
#include "gateway/edge/supply.hpp"
#include "gateway/edge/surroundings.hpp"
#include "gateway/session/endpoints.hpp"
#include "policy/judge.hpp"

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

namespace gateway::edge {

/// The terms under which one worker serves: what one configuration comes to. A request takes those in force
/// when it begins and keeps them to its end, so that a stream goes on as it began, whatever is in force by
/// then. Who serves nothing holds none. For the worker's thread.
struct terms : boost::intrusive_ref_counter<terms, boost::thread_unsafe_counter> {
    /// `at` and `all` must outlive the object. `with` serves `under`.
    terms(
        loop& at,
        surroundings const& all,
        std::shared_ptr<generation const> under,
        boost::intrusive_ptr<supply> with);
    ~terms();
    terms(terms const&) = delete;
    terms& operator=(terms const&) = delete;

private:
    loop& loop_;
    surroundings const& around_;
    std::shared_ptr<generation const> of_;

public:
    boost::intrusive_ptr<supply> from;

    config const& configuration;
    limits_config const& limits;
    wire::head_limits const head_limits;
    relay::scratch& memory;
    upstream::credential_keeper& keeper;

    token_cipher cipher;
    signature_verifier verifier;
    policy::judge judge;
    session::endpoints endpoints;
    gateway::cross_origin cross_origin;
    session::authorizer* const authorizer; ///< null: the app is not asked

    /// Where a row's requests are counted.
    [[nodiscard]] std::size_t place_of(policy::route const& row) const noexcept
    {
        return of_->route_places[static_cast<std::size_t>(&row - of_->routes.rows().data())];
    }
    /// The credential that goes upstream for a client that is who it says; empty: none is at hand yet.
    [[nodiscard]] std::string_view bearer_for(policy::bearer_of_token const& who);
    [[nodiscard]] relay::services lend() noexcept;
    /// A socket that is open already and just what the request being served asks for. `owner` is woken by it.
    [[nodiscard]] std::optional<upstream::held_socket>
    take_held(policy::admission const& permit, waker& owner);
};

} // namespace gateway::edge
