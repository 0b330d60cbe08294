#include "gateway/hangup.hpp"

#include "gateway/edge/desk.hpp"

#include <csignal>

namespace gateway {

hangup::hangup(
    boost::asio::io_context& control,
    key_material& material,
    jail::heap_pin& heap,
    watch::process_metrics& counts,
    std::ostream& out,
    service_manager const& manager,
    std::function<void()> trust_changed)
    : material_(material),
      heap_(heap),
      counts_(counts),
      out_(out),
      manager_(manager),
      key_watch_(control, counts.token_keys_end, out, edge::wall_clock),
      signals_(control, SIGHUP)
{
    material.take_part_in(parts_, std::move(trust_changed));
}

void hangup::start()
{
    note_in_force();
    await_signal();
}

void hangup::await_signal()
{
    signals_.async_wait([this](boost::system::error_code const& error, int) {
        if (error) return;
        manager_.reloading(std::chrono::steady_clock::now());
        read_anew();
        manager_.ready();
        await_signal();
    });
}

void hangup::read_anew()
{
    if (auto const flaw = parts_.run()) {
        counts_.reload_failures.add();
        out_ << "reload: nothing has changed: " << *flaw << std::endl;
        return;
    }
    counts_.reloads.add();
    (void)heap_.renew(); // where keys cannot be pinned, that was told at the start
    note_in_force();
}

void hangup::note_in_force()
{
    counts_.in_force_since.set(static_cast<std::uint64_t>(edge::wall_clock().time_since_epoch().count()));
    key_watch_.look_at(*material_.token_keys.latest());
}

} // namespace gateway
