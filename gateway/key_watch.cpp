#include "gateway/key_watch.hpp"

#include "gateway/base/units.hpp"

#include <algorithm>

namespace gateway {

using std::chrono::seconds;

key_watch::key_watch(boost::asio::io_context& control, watch::counter& ends_at, std::ostream& out, clock now)
    : timer_(control), ends_at_(&ends_at), out_(&out), now_(std::move(now))
{
}

void key_watch::look_at(certs::key_set const& keys)
{
    timer_.cancel();
    end_ = certs::sealing_ends(keys, now_());
    auto const never = keys.empty() || end_ == end_.max();
    ends_at_->set(never ? 0 : static_cast<std::uint64_t>(end_.time_since_epoch().count()));
    if (!never) warn_in_time();
}

/// Looks again at least once a day: the wall clock may be set, and a far end fits no timer.
void key_watch::warn_in_time()
{
    auto const left = std::max(end_ - now_(), seconds(0));
    if (left <= ahead) {
        *out_ << "tokens.key_file: no key seals tokens after " << write_duration(left)
              << "; put a new one in front with `voicegate keygen tokens`\n"
              << std::flush;
        return;
    }
    timer_.expires_after(std::min<seconds>(left - ahead, ahead));
    timer_.async_wait([this](boost::system::error_code const& error) {
        if (!error) warn_in_time();
    });
}

} // namespace gateway
