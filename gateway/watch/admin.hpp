#pragma once
#include "gateway/base/config.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace gateway::watch {

/// A request that changes something, its body whole.
struct admin_request {
    std::string body;
    std::string client; ///< address without port
};

struct admin_answer {
    unsigned status = 200; ///< 200: `body` is JSON; else it is text
    std::string body;
};

/// What the admin listener tells and does.
struct admin_sources {
    std::function<std::string()> why_not_ready; ///< empty: ready; else /readyz answers 503 with it
    std::function<std::string()> metrics;
    std::function<admin_answer(admin_request const&)> revoke;
    std::function<admin_answer(admin_request const&)> reload;
    std::function<admin_answer(admin_request const&)> drain;
};

/// Plain HTTP on the admin address (loopback by default): GET /healthz, /readyz, /metrics, POST /revoke,
/// /reload and /drain; all else 404. A few connections at a time, each with a deadline and small limits. Runs
/// on the control thread.
///
/// Whoever reaches the address may do all that. A page in a browser of that machine must not (CSRF, DNS
/// rebinding): a POST takes `application/json` alone, which no page sends elsewhere unasked (Fetch,
/// CORS), nothing with an `Origin` or `Sec-Fetch-Site`, which browsers put into every POST, and on a loopback
/// address only that or `localhost` as `Host`.
class admin {
public:
    /// Throws `boost::system::system_error` when the address cannot be bound.
    admin(boost::asio::io_context& control, endpoint const& where, admin_sources sources);
    /// Takes over `listening`, a socket that listens already.
    admin(boost::asio::io_context& control, int listening, admin_sources sources);
    ~admin();
    admin(admin const&) = delete;
    admin& operator=(admin const&) = delete;
    [[nodiscard]] std::uint16_t port() const noexcept;
    void stop();

private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace gateway::watch
