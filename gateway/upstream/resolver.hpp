#pragma once
#include "gateway/base/config.hpp"
#include "gateway/base/published.hpp"
#include "gateway/upstream/notice.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/result.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace gateway::upstream {

/// Where the upstream is now: what the last successful look-up said. Empty until the first one.
using addresses = std::vector<boost::asio::ip::tcp::endpoint>;

/// What is looked up.
struct place {
    std::string host; ///< a name or an IP address
    std::uint16_t port = 443;
    seconds look_up_every{30};
};

/// Looks it up and waits for the answer, as long as resolv.conf lets it take. An error: there is none of that
/// name, or nobody who knows.
[[nodiscard]] boost::system::result<addresses> look_up_at_once(place const& what);

/// Keeps `addresses` fresh: looks the host up at once and every `look_up_every`; a failed look-up keeps the
/// last good answer and is tried again after 1 s. An IP address needs no look-up. Runs on the control thread.
class resolver {
public:
    /// `tell` takes plain lines for the operator.
    resolver(
        boost::asio::io_context& control,
        place const& what,
        published<addresses>& out,
        line_sink tell = write_to_stderr);
    ~resolver();
    resolver(resolver const&) = delete;
    resolver& operator=(resolver const&) = delete;
    void start();
    void stop(); ///< on the control thread, or when it does not run

private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace gateway::upstream
