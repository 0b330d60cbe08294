#pragma once
#include "gateway/generations.hpp"
#include "gateway/jail/secrecy.hpp"
#include "gateway/key_material.hpp"
#include "gateway/key_watch.hpp"
#include "gateway/watch/metrics.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <optional>
#include <ostream>
#include <string>

namespace gateway {

/// Why nothing has changed.
struct reload_flaw {
    std::string text;           ///< the field's path and the remedy, one line
    bool takes_restart = false; ///< what was asked for is right, but not while it serves
};

/// What a reload works on; all must outlive it.
struct reload_setting {
    boost::asio::io_context& control;
    std::function<config()> read; ///< the configuration, as it was read at the start; throws `config_error`
    key_material& material;
    generations& all;
    jail::heap_pin& heap;
    watch::process_metrics& counts;
    std::ostream& out;
    std::function<void()> changed;       ///< runs behind each change of the configuration
    std::function<void()> trust_changed; ///< who may vouch for the upstream has changed
};

/// Reads anew what the gateway serves by: the configuration and the files that it names. All of it is read
/// and validated before anything changes; a flaw anywhere leaves everything as it was, with a line and a
/// metric that say so. What runs goes on. For the control thread alone.
class reload {
public:
    explicit reload(reload_setting with);

    /// Notes what is in force since the start.
    void start() { note_in_force(); }

    /// Nothing: what was read is in force.
    [[nodiscard]] std::optional<reload_flaw> run();
    /// The same of the files alone, whatever is being written into the configuration. A flaw that was told
    /// last is not told again: files are replaced one after the other.
    void run_for_files();

private:
    [[nodiscard]] std::optional<reload_flaw> attempt(std::function<config()> const& read);
    void put_in_force(key_material::fresh const& files, generations::made next);
    void note_in_force();

    reload_setting with_;
    key_watch key_watch_;
    std::string told_; ///< the flaw that was told last, if nothing was put in force since
};

} // namespace gateway
