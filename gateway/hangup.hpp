#pragma once
#include "gateway/jail/secrecy.hpp"
#include "gateway/key_material.hpp"
#include "gateway/key_watch.hpp"
#include "gateway/reload.hpp"
#include "gateway/service_manager.hpp"
#include "gateway/watch/metrics.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <functional>
#include <ostream>

namespace gateway {

/// SIGHUP: what the files hold is read anew and put in force, or a line says why nothing has changed. What
/// runs goes on. For the control thread alone.
class hangup {
public:
    /// All must outlive the object. `trust_changed` runs when who may vouch for the upstream has changed.
    hangup(
        boost::asio::io_context& control,
        key_material& material,
        jail::heap_pin& heap,
        watch::process_metrics& counts,
        std::ostream& out,
        service_manager const& manager,
        std::function<void()> trust_changed);

    /// Notes what is in force, and waits for signals from now on.
    void start();

private:
    void await_signal();
    void read_anew();
    void note_in_force();

    key_material& material_;
    jail::heap_pin& heap_;
    watch::process_metrics& counts_;
    std::ostream& out_;
    service_manager const& manager_;
    reload parts_;
    key_watch key_watch_;
    boost::asio::signal_set signals_;
};

} // namespace gateway
