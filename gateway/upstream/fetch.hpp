#pragma once
#include "gateway/base/config.hpp"
#include "gateway/base/published.hpp"
#include "gateway/base/trust.hpp"
#include "gateway/upstream/resolver.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace gateway::upstream {

/// Whom a `fetch_client` talks to.
struct fetch_server {
    std::string name; ///< for SNI and for the name in the certificate; a host name or an IP address
    trust vouched_by; ///< null: it is called in clear, and at addresses of this machine only
};

struct fetch_bounds {
    milliseconds deadline{10'000}; ///< for all of it: looking for the address, connecting, asking, reading
    std::size_t answer_bytes_max = std::size_t{64} * 1024;
};

/// How a call of the gateway's own ended.
struct fetched {
    enum class ending : std::uint8_t { answered, unreachable, timeout, bad_answer };

    ending how = ending::unreachable;
    unsigned status = 0; ///< of an answer, whatever it says; a redirect is not followed
    std::string body;
    std::string flaw; ///< why there is no answer, for the operator: no secret, nothing that the server wrote
    std::string date{}; ///< what an answer's `Date` says; empty: it has none
};

/// Calls one server, one request for each connection. Runs on the control thread.
class fetch_client {
public:
    /// `where` must outlive the client, or be there until `stop`.
    fetch_client(
        boost::asio::io_context& control, fetch_server const& server, published<addresses> const& where);
    ~fetch_client();
    fetch_client(fetch_client const&) = delete;
    fetch_client& operator=(fetch_client const&) = delete;

    /// Sends `request` as it is and reads the answer; it should say `Connection: close`. Tries the first few
    /// addresses until one has been sent the request. `request` must outlive the call.
    [[nodiscard]] boost::asio::awaitable<fetched> fetch(std::string_view request, fetch_bounds bounds);
    /// From the next call on.
    void trust_anew(trust vouched_by);
    /// Closes every connection; what is under way fails at once.
    void stop();

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace gateway::upstream
