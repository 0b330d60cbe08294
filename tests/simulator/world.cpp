#include "tests/simulator/world.hpp"

#include "tests/simulator/wire.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <limits>

namespace simulator {
namespace {

/// How soon a waiting exchange sees that its peer left.
constexpr std::chrono::milliseconds look_every{10};

unsigned ten_times(unsigned limit)
{
    return limit > std::numeric_limits<unsigned>::max() / 10 ? limit : limit * 10;
}

} // namespace

std::optional<pool::place> pool::take()
{
    if (used_ >= limit_) return {};
    ++used_;
    changes_.ring();
    return place{
        std::shared_ptr<void>{nullptr, [this](void*) {
                                  --used_;
                                  changes_.ring();
                              }}
    };
}

world::world(net::any_io_executor executor, options given)
    : on{executor},
      settings{std::move(given)},
      changes{executor},
      records{changes},
      tts{settings.limits.tts, changes},
      stt{settings.limits.stt, changes},
      tts_sockets{ten_times(settings.limits.tts), changes}
{
}

net::awaitable<bool> world::pause(wire& peer, std::chrono::milliseconds time)
{
    auto const end = steady::now() + time;
    while (steady::now() < end) {
        if (stopping || peer.departed()) co_return false;
        net::steady_timer timer{on, std::min(end, steady::now() + look_every)};
        co_await timer.async_wait(tuple);
    }
    co_return !stopping && !peer.departed();
}

net::awaitable<bool> world::hold(wire& peer)
{
    bool may_go = false;
    auto const place = held_.insert(held_.end(), &may_go);
    changes.ring();
    while (!may_go && !stopping && !peer.departed()) {
        auto const soon = steady::now() + look_every;
        co_await changes.wait_until(soon);
    }
    if (!may_go) held_.erase(place); // release() takes off those it lets go
    changes.ring();
    co_return may_go;
}

bool world::release()
{
    if (held_.empty()) return false;
    *held_.front() = true;
    held_.pop_front();
    changes.ring();
    return true;
}

boost::json::object world::state() const
{
    boost::json::object out{
        {"open_http",          open_http         },
        {"open_websockets",    sockets.size()    },
        {"connections",        wires.size()      },
        {"tts_in_use",         tts.used()        },
        {"stt_in_use",         stt.used()        },
        {"held",               held_.size()      },
        {"full_handshakes",    full_handshakes   },
        {"resumed_handshakes", resumed_handshakes},
    };
    return out;
}

void world::drop_connections()
{
    for (auto* const w : wires)
        w->reset();
}

void world::stop()
{
    stopping = true;
    drop_connections();
    changes.ring();
}

std::int64_t unix_now()
{
    auto const now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

} // namespace simulator
