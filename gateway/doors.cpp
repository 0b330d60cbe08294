#include "gateway/doors.hpp"

#include <utility>

namespace gateway {

doors::doors(config const& of, inherited_sockets& handed_down)
    : configuration_(of),
      https_(make_kind(true, of.listen.https, handed_down.https)),
      http_(make_kind(false, of.listen.http, handed_down.http))
{
    if (of.listen.reuse_port) return;
    constexpr auto remedy = "set listen.reuse_port to take over from another voicegate of the same user";
    for (auto const* these : {&https_, &http_})
        for (auto const& at : these->where)
            if (these->inherited.empty()) edge::check_free(at, remedy);
}

doors::kind
doors::make_kind(bool tls, std::vector<endpoint> const& configured, std::vector<edge::listener>& inherited)
{
    kind made{tls, configured, std::exchange(inherited, {})};
    if (made.inherited.empty()) return made;
    made.where.clear();
    for (auto const& one : made.inherited)
        made.where.push_back(one.where());
    return made;
}

std::vector<edge::worker::door> doors::for_a_worker()
{
    std::vector<edge::worker::door> made;
    open(https_, made);
    open(http_, made);
    return made;
}

void doors::open(kind& these, std::vector<edge::worker::door>& into) const
{
    auto const add = [&](edge::listener made) {
        made.keep_alive(configuration_.limits);
        into.push_back({std::move(made), these.tls});
    };
    for (auto const& one : these.inherited)
        add(one.another());
    if (!these.inherited.empty()) return;
    for (auto& at : these.where) {
        add(edge::listener(at, configuration_.listen.backlog));
        at = into.back().at.where();
    }
}

} // namespace gateway
