// What a browser asks ahead of another origin's request. It has no credentials and needs none (Fetch §4.8).
#include "gateway/edge/connection.hpp"

namespace gateway::edge {

task<connection::after> connection::answer_preflight(std::string_view path, entry& line)
{
    auto const& head = terms_->memory.request;
    auto const own = session::own_endpoint(path);
    auto const methods = own ? session::methods_of(*own) : terms_->judge.routes().allowed_at(path);
    auto const origin = head.fields.only(field_name::origin).value_or(std::string_view{});
    auto const permission = terms_->cross_origin.preflight_fields(origin, methods);
    auto how = reply_for(head, line, head.keep_alive && may_go_on() && skip_body(head));
    if (methods.empty()) co_return co_await refuse_denied(policy::denial::no_route, how, line);
    if (permission.empty()) co_return co_await refuse_denied(policy::denial::origin_not_allowed, how, line);

    answer allowed;
    allowed.status = 204;
    how.cross_origin = permission;
    how.now = wall_clock();
    line.answered(allowed.status, {}, {});
    keep_unread();
    auto const sent = co_await send(write_answer(allowed, how));
    co_return sent&& how.keep_alive ? after::next : after::close;
}

} // namespace gateway::edge
