#include "gateway/reload.hpp"

#include "gateway/base/config_changes.hpp"
#include "gateway/edge/desk.hpp"
#include "gateway/jail/reach.hpp"

#include <exception>

namespace gateway {

reload::reload(reload_setting with)
    : with_(std::move(with)),
      key_watch_(with_.control, with_.counts.token_keys_end, with_.out, edge::wall_clock)
{
}

std::optional<reload_flaw> reload::run()
{
    told_.clear();
    return attempt(with_.read);
}

void reload::run_for_files()
{
    (void)attempt([this] { return with_.all.configuration(); });
}

std::optional<reload_flaw> reload::attempt(std::function<config()> const& read)
{
    reload_flaw flaw;
    try {
        auto const next = read();
        check_changes(with_.all.configuration(), next);
        jail::check_reach(next);
        auto const files = with_.material.read(next);
        put_in_force(files, with_.all.make(next));
        return std::nullopt;
    } catch (takes_restart const& asked) {
        flaw = {asked.what(), true};
    } catch (std::exception const& wrong) {
        flaw = {wrong.what(), false};
    }
    with_.counts.reload_failures.add();
    if (flaw.text != told_) with_.out << "reload: nothing has changed: " << flaw.text << std::endl;
    told_ = flaw.text;
    return flaw;
}

void reload::put_in_force(key_material::fresh const& files, generations::made next)
{
    auto const changed = next.generation != nullptr;
    with_.material.put_in_force(files);
    auto const trust_changed = with_.all.put_in_force(std::move(next));
    if (changed) with_.changed();
    if (trust_changed) with_.trust_changed();
    told_.clear();
    with_.counts.reloads.add();
    (void)with_.heap.renew(); // where keys cannot be pinned, that was told at the start
    note_in_force();
}

void reload::note_in_force()
{
    with_.counts.in_force_since.set(
        static_cast<std::uint64_t>(edge::wall_clock().time_since_epoch().count()));
    key_watch_.look_at(*with_.material.token_keys.latest());
}

} // namespace gateway
