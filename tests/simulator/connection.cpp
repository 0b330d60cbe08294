#include "tests/simulator/connection.hpp"

#include "tests/simulator/endpoints.hpp"
#include "tests/simulator/exchange.hpp"
#include "tests/simulator/upgrade.hpp"
#include "tests/simulator/wire.hpp"

namespace simulator {
namespace {

/// The bytes of the next head, up to and with its blank line. Nothing at the connection's end; what is too
/// long comes back as it stands and fails to be read.
net::awaitable<std::optional<std::string>> next_head(wire& client)
{
    for (;;) {
        auto const end = client.inbox.find("\r\n\r\n");
        if (end != std::string::npos || client.inbox.size() > head_bytes_max) {
            auto const size = std::min(end, head_bytes_max) + 4;
            auto raw = client.inbox.substr(0, size);
            client.inbox.erase(0, size);
            co_return raw;
        }
        bool const more = co_await client.fill();
        if (!more) co_return std::nullopt;
    }
}

net::awaitable<void> serve_http(exchange& x)
{
    if (x.fails(action::early_answer)) {
        x.reusable = false;
        problem const early{x.trouble->status == 0 ? 413U : x.trouble->status, {}, "Fault", "answered early"};
        co_await x.refuse(early);
        co_return;
    }
    if (x.fails(action::slow_read) || x.fails(action::never_read)) x.client->narrow();
    if (x.fails(action::never_read)) x.left = !co_await x.sim.hold(*x.client);
    if (x.left) co_return;
    bool const whole = co_await x.read_body();
    if (!whole) co_return;
    bool const answered = co_await answered_by_fault(x);
    if (!answered) co_await answer_request(x);
}

/// False when the connection cannot carry another request.
net::awaitable<bool> serve_request(world& sim, std::shared_ptr<wire> client, request_head head)
{
    auto const entry = sim.records.begin(head);
    entry->connection = client->number;
    entry->server_name = client->server_name();
    exchange x{sim, client, head, entry};
    entry->cartesia_version = x.version;
    x.trouble = sim.faults.take(head.path());
    if (head.upgrade) {
        entry->websocket = true;
        co_await serve_upgrade(x);
    } else {
        co_await serve_http(x);
    }
    entry->aborted = x.left && !client->cut_by_us();
    sim.records.end(*entry);
    co_return x.reusable && !x.left;
}

net::awaitable<void> refuse_malformed(world& sim, std::shared_ptr<wire> client, std::string raw)
{
    request_head nothing;
    nothing.protocol = "HTTP/1.1";
    auto const entry = sim.records.begin(nothing);
    entry->connection = client->number;
    entry->body_text = std::move(raw);
    exchange x{sim, client, nothing, entry};
    co_await x.refuse(bad_input("the request's head is malformed"));
    sim.records.end(*entry);
}

struct registered {
    registered(world& in, wire& what) : sim{in}, client{what} { change(true); }
    ~registered() { change(false); }
    registered(registered const&) = delete;
    registered& operator=(registered const&) = delete;

    void change(bool in)
    {
        if (in)
            sim.wires.insert(&client);
        else
            sim.wires.erase(&client);
        sim.changes.ring();
    }

    world& sim;
    wire& client;
};

} // namespace

net::awaitable<void> serve_connection(world& sim, std::shared_ptr<wire> client)
{
    registered const here{sim, *client};
    bool going = co_await client->shake_hands();
    if (going) ++(client->resumed() ? sim.resumed_handshakes : sim.full_handshakes);
    sim.changes.ring();
    while (going && !sim.stopping) {
        auto raw = co_await next_head(*client);
        if (!raw) break;
        auto head = read_head(*raw);
        if (head) {
            going = co_await serve_request(sim, client, std::move(*head));
        } else {
            going = false;
            co_await refuse_malformed(sim, client, std::move(*raw));
        }
    }
    co_await client->finish();
}

} // namespace simulator
