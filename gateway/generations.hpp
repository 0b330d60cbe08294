#pragma once
#include "gateway/app_server.hpp"
#include "gateway/edge/generation.hpp"
#include "gateway/upstream/app_key_keeper.hpp"
#include "gateway/upstream_access.hpp"
#include "gateway/watch/metrics.hpp"
#include "gateway/watch/route_places.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace gateway {

struct app_backend;
struct app_key_source;

/// Makes what a configuration comes to, and keeps each generation until nothing is served by it any more.
/// What says the same in two of them they share: connections, minted tokens and addresses stay. For the
/// control thread alone.
class generations {
public:
    /// All must outlive the object. `credentials_changed` runs after each change of what is shown upstream.
    generations(
        boost::asio::io_context& control,
        published<certs::signature_keys>& app_keys,
        watch::process_metrics& counts,
        std::function<void()> credentials_changed);

    /// What keeps a part of a generation going on the control thread.
    struct parts {
        std::shared_ptr<upstream_access> upstream;
        std::shared_ptr<app_backend> backend; ///< that is asked who a user is; may be null
        std::shared_ptr<app_key_source> keys; ///< where the app's keys are fetched; may be null
    };
    struct made {
        parts of;
        upstream_files files;
        std::shared_ptr<edge::generation> generation; ///< null: the one in force is the same
    };
    /// Throws `config_error` with the field's path and the remedy; nothing has changed then, nor has it when
    /// what is made is not put in force.
    [[nodiscard]] made make(config const& of);
    /// True: who may vouch for the upstream has changed, of which the workers must be told.
    bool put_in_force(made next);

    [[nodiscard]] std::shared_ptr<edge::generation const> now() const noexcept { return now_; }
    [[nodiscard]] config const& configuration() const noexcept { return now_->configuration; }
    [[nodiscard]] upstream_access const& upstream() const noexcept { return *parts_.upstream; }
    /// By `watch::route_places`.
    [[nodiscard]] std::vector<std::string> const& route_paths() const noexcept { return places_.paths(); }
    /// Whether the app's keys were asked for, where they are fetched.
    [[nodiscard]] bool app_keys_tried() const;

    /// Lets those go that nothing is served by any more.
    void bury();
    /// How many there are beside the one in force.
    [[nodiscard]] std::size_t past() const noexcept { return past_.size(); }

private:
    [[nodiscard]] std::shared_ptr<app_backend> make_backend(config const& of) const;
    [[nodiscard]] std::shared_ptr<app_key_source> make_key_source(config const& of) const;
    [[nodiscard]] std::shared_ptr<upstream_access> make_access(config const& of, upstream_files& files) const;
    [[nodiscard]] std::shared_ptr<edge::generation> make_generation(config const& of, parts const& from);

    boost::asio::io_context& control_;
    published<certs::signature_keys>& app_keys_;
    watch::process_metrics& counts_;
    std::function<void()> credentials_changed_;
    watch::route_places places_;
    parts parts_;
    std::shared_ptr<edge::generation const> now_;
    std::vector<std::shared_ptr<edge::generation const>> past_;
};

} // namespace gateway
