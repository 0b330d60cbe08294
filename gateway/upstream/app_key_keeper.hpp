#pragma once
#include "certs/signature_keys.hpp"
#include "gateway/base/config.hpp"
#include "gateway/base/published.hpp"
#include "gateway/upstream/credential_renewal.hpp"
#include "gateway/upstream/notice.hpp"
#include "gateway/upstream/resolver.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>

namespace gateway::upstream {

struct app_key_options {
    std::function<void(bool fetched)> attempted; ///< after each fetch, on the control thread
    std::function<double()> random;              ///< in [0, 1); empty: the system's generator
    line_sink tell = write_to_stderr;
    renewal timing; ///< of tries that follow a failure, and an attempt's deadline
    milliseconds missing_most_every{60'000};
};

/// Keeps the keys that verify the app's tokens as fresh as the JWK Set at `tokens.jwt.keys_url`: fetched at
/// once, every `keys_refresh`, and when a token names a key that is not there, the last at most once a
/// minute. A fetch that fails, or brings something else than public keys, leaves the keys as they are and is
/// tried again with back-off. Runs on the control thread.
class app_key_keeper {
public:
    /// `where` and `out` must outlive the object. Throws `std::runtime_error` when the file of trusted
    /// certificates does not load.
    app_key_keeper(
        boost::asio::io_context& control,
        token_config const& tokens,
        published<addresses> const& where,
        published<certs::signature_keys>& out,
        app_key_options options = {});
    ~app_key_keeper(); ///< on the control thread, or when it does not run
    app_key_keeper(app_key_keeper const&) = delete;
    app_key_keeper& operator=(app_key_keeper const&) = delete;

    /// A token names a key that is not there. From any thread.
    void missing() noexcept;
    /// The first fetch has ended, well or not.
    [[nodiscard]] bool tried() const noexcept;
    void stop(); ///< on the control thread, or when it does not run

private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace gateway::upstream
