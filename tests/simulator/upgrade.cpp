#include "tests/simulator/upgrade.hpp"

#include "tests/simulator/endpoints.hpp"
#include "tests/simulator/text.hpp"
#include "tests/simulator/web_socket.hpp"
#include "tests/simulator/wire.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace simulator {

namespace json = boost::json;

namespace {

using handler = net::awaitable<void> (*)(exchange&, caller const&, std::shared_ptr<web_socket>);

struct socket_route {
    std::string_view pattern;
    need wants;
    handler talk;
};

constexpr std::array routes{
    socket_route{"/tts/websocket",          need::tts,   talk_tts          },
    socket_route{"/stt/websocket",          need::stt,   talk_stt          },
    socket_route{"/stt/turns/websocket",    need::stt,   talk_turns        },
    socket_route{"/agents/stream/{}",       need::agent, talk_line_agent   },
    socket_route{"/v1/agents/websocket/{}", need::agent, talk_managed_agent},
};

struct admitted {
    socket_route const* row = nullptr;
    caller who;
    pool::place place;
};

std::variant<admitted, problem> judge(exchange& x)
{
    auto const* const row =
        std::ranges::find_if(routes, [&](auto const& r) { return fits(r.pattern, x.head.path()); });
    if (row == routes.end()) return problem{404, {}, "Not found", "there is no such socket"};
    if (x.head.method != "GET" || x.head.chunked || x.head.content_length.value_or(0) != 0)
        return bad_input("a handshake is a GET without a body");
    // Nobody may speak before the 101; a gateway that lets through such bytes shall hear of it.
    if (!x.client->inbox.empty()) return bad_input("bytes after the handshake request");
    keyring const keys{x.sim.settings.api_key, x.sim.tokens};
    auto verdict = admit(keys, x.head, row->wants, unix_now());
    if (auto* wrong = std::get_if<problem>(&verdict)) return std::move(*wrong);

    admitted out{.row = row, .who = std::get<caller>(verdict), .place = {}};
    if (row->wants == need::agent) return out;
    auto place = row->wants == need::tts ? x.sim.tts_sockets.take() : x.sim.stt.take();
    if (!place) return over_the_limit("too many open sockets");
    out.place = std::move(*place);
    return out;
}

// ------------------------------------------------------------------ faults after the 101

net::awaitable<void> echo(std::shared_ptr<web_socket> socket)
{
    for (;;) {
        auto got = co_await socket->receive();
        if (!got) break;
        if (got->text)
            co_await socket->send_text(std::move(got->data));
        else
            co_await socket->send_binary(std::move(got->data));
    }
}

net::awaitable<void> read_to_end(std::shared_ptr<web_socket> socket)
{
    for (;;) {
        auto const got = co_await socket->receive();
        if (!got) break;
    }
}

net::awaitable<void> push_all(std::shared_ptr<web_socket> socket, fault order)
{
    bool going = true;
    for (std::uint64_t i = 0; going && i < order.count; ++i) {
        std::string data(static_cast<std::size_t>(order.bytes), static_cast<char>('a' + i % 26));
        going = co_await socket->send_binary(std::move(data));
    }
}

/// True when the fault has used the socket up.
net::awaitable<bool> spoilt_by_fault(exchange& x, std::shared_ptr<web_socket> socket)
{
    if (!x.trouble) co_return false;
    auto const order = *x.trouble;
    switch (order.kind) {
    case action::ws_echo:
        co_await echo(socket);
        co_return true;
    case action::ws_push:
        net::co_spawn(
            x.sim.on, push_all(socket, order), report_throw); // reads meanwhile, so pings are answered
        co_await read_to_end(socket);
        co_return true;
    case action::ws_raw:
        co_await x.client->write(order.raw);
        co_await read_to_end(socket);
        co_return true;
    case action::close_after_accept:
        co_await socket->close(order.code, order.reason);
        co_return true;
    case action::vanish:
        co_await socket->receive();
        socket->drop();
        co_return true;
    default:
        break;
    }
    co_return false;
}

bool replaces_route(exchange const& x)
{
    return x.fails(action::ws_echo) || x.fails(action::ws_push) || x.fails(action::ws_raw) ||
           x.fails(action::close_after_accept) || x.fails(action::vanish);
}

// ------------------------------------------------------------------ a token's end

net::awaitable<void> say_and_close(std::shared_ptr<web_socket> socket, std::string event)
{
    if (!event.empty()) co_await socket->send_text(std::move(event));
    co_await socket->close(1008, "access token expired");
}

std::string expiry_event(exchange const& x, socket_route const& row)
{
    auto const why = unauthorized("the access token has expired");
    if (row.wants == need::agent) {
        json::object event;
        event["type"] = "error";
        event["code"] = "invalid_event";
        event["message"] = why.message;
        event["fatal"] = true;
        return json::serialize(event);
    }
    auto const side = row.wants == need::tts ? speech_side::tts : speech_side::stt;
    return json::serialize(error_event(why, side, structured_errors(x.version), x.request_id, {}));
}

void end_with_token(
    exchange& x, admitted const& in, std::shared_ptr<web_socket> socket, net::steady_timer& timer)
{
    if (!in.who.token || x.sim.settings.at_expiry == on_expiry::keep) return;
    std::string event;
    if (x.sim.settings.at_expiry == on_expiry::error) event = expiry_event(x, *in.row);
    timer.expires_after(std::chrono::seconds{std::max<std::int64_t>(in.who.rights.expires - unix_now(), 0)});
    timer.async_wait([on = x.sim.on, socket, event](error_code ec) {
        if (!ec) net::co_spawn(on, say_and_close(socket, event), report_throw);
    });
}

struct registered {
    registered(world& in, std::shared_ptr<web_socket> what)
        : sim{in}, at{in.sockets.insert(std::move(what)).first}
    {
        sim.changes.ring();
    }
    ~registered()
    {
        sim.sockets.erase(at);
        sim.changes.ring();
    }
    registered(registered const&) = delete;
    registered& operator=(registered const&) = delete;

    world& sim;
    std::set<std::shared_ptr<web_socket>>::iterator at;
};

net::awaitable<void> talk(exchange& x, admitted const& in)
{
    auto const socket = co_await web_socket::accept(x);
    if (!socket) co_return;
    registered const here{x.sim, socket};
    x.becomes_websocket();
    bool const pings_count = in.row == nullptr || in.row->talk != talk_managed_agent;
    socket->limit_idling(x.sim.settings.socket_idle, pings_count);
    net::steady_timer at_expiry{x.sim.on};
    bool const spoilt = co_await spoilt_by_fault(x, socket);
    if (!spoilt && in.row != nullptr) {
        end_with_token(x, in, socket, at_expiry);
        co_await in.row->talk(x, in.who, socket);
    }
    if (socket->open()) socket->drop(); // nobody reads it any more
    x.left = socket->tally().closed_by == "nobody";
}

} // namespace

net::awaitable<void> serve_upgrade(exchange& x)
{
    bool const answered = co_await answered_by_fault(x);
    if (answered) co_return;
    if (x.fails(action::hang)) co_await x.client->overhear(); // who spoke while the 101 was held back
    if (replaces_route(x)) {
        admitted const nothing;
        co_await talk(x, nothing);
        co_return;
    }
    auto const verdict = judge(x);
    if (std::holds_alternative<problem>(verdict))
        co_await x.refuse(std::get<problem>(verdict));
    else
        co_await talk(x, std::get<admitted>(verdict));
}

} // namespace simulator
