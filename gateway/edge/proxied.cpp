// What the proxies in `listen.proxies` say of whom they speak for: ahead of the connection (the PROXY
// protocol) or in the fields of a request.
#include "gateway/edge/connection.hpp"
#include "gateway/edge/forwarding.hpp"
#include "gateway/wire/proxy_header.hpp"

#include <algorithm>

namespace gateway::edge {

/// Takes the header off the connection, and no byte more. False: there is none to be had, or whom it names
/// has as many connections as it may.
task<bool> connection::hear_proxy_header()
{
    wire::proxy_header header;
    std::size_t bytes_come = 0;
    for (;;) {
        auto const window = terms_->memory.window().first(wire::proxy_header_bytes_max);
        auto const got = socket_.peek(window);
        if (got.state == wire::progress::moved) header = wire::read_proxy_header({window.data(), got.bytes});
        bytes_come = std::max(bytes_come, got.bytes);
        auto const more_may_come = got.state == wire::progress::moved || got.state == wire::progress::blocked;
        if (header.state != wire::head_state::incomplete || !more_may_come) break;
        if (socket_.peer_closed() || timer_.passed() || ordered) break;
        co_await wake_.next();
    }
    if (header.state == wire::head_state::complete) {
        (void)socket_.receive(terms_->memory.window().first(header.bytes));
        co_return introduce(header.source);
    }
    // Who opens a connection and leaves has only looked whether it can.
    if (bytes_come > 0 || timer_.passed()) at_.metrics.proxy_headers_refused.add();
    co_return false;
}

/// Where the proxy names nobody, the connection is its own, and what comes over it is not: whoever sends it
/// says nothing of others that counts.
bool connection::introduce(std::optional<ip_address> const& source)
{
    peer_is_proxy_ = source && at_.is_proxy(*source);
    if (!source) return true;
    peer_ = *source;
    client_ = at_.around.guard.know(peer_);
    auto seat = at_.seat_for(client_);
    if (seat)
        seat_ = std::move(*seat);
    else
        at_.metrics.connections_refused_by_address.add();
    return seat.has_value();
}

/// Whom the request is from; and why it is refused, if it is for what the proxy says.
std::optional<fault> connection::hear_of_client(wire::request_head const& head)
{
    auto const said = introduced_by(peer_, head.fields.all(), terms_->configuration.listen.proxies);
    if (client_.address != said.client) client_ = at_.around.guard.know(said.client);
    return said.refused;
}

/// What a proxy had in clear is as good as plain HTTP: its tokens are burnt.
task<connection::after> connection::refuse_introduced(fault why, entry& line)
{
    auto const& head = terms_->memory.request;
    auto how = reply_for(head, line, head.keep_alive && may_go_on() && skip_body(head));
    if (why != fault::not_https) return refuse_fault(why, how, line);
    burn_tokens(head, line);
    at_.metrics.plain_http_refused.add();
    how.secure = false;
    return refuse(words_for(why), how, log_name(why), line);
}

} // namespace gateway::edge
