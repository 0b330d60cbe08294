#include "tests/simulator/control.hpp"

#include "tests/simulator/head.hpp"
#include "tests/simulator/text.hpp"
#include "tests/simulator/web_socket.hpp"
#include "tests/simulator/wire.hpp"

#include <boost/asio/write.hpp>
#include <boost/json.hpp>

#include <algorithm>

namespace simulator {

namespace json = boost::json;

namespace {

struct command {
    request_head head;
    std::string body;

    [[nodiscard]] bool is(std::string_view method, std::string_view path) const
    {
        return head.method == method && head.path() == path;
    }
};

struct result {
    unsigned status = 200;
    json::value body; ///< null: none
};

/// The next command on the line, complete. Nothing when the tester is gone or sends nonsense.
net::awaitable<std::optional<command>> next_command(tcp::socket& socket, std::string& inbox)
{
    std::optional<command> out;
    for (;;) {
        auto const end = inbox.find("\r\n\r\n");
        if (!out && end != std::string::npos) {
            auto head = read_head(inbox.substr(0, end + 4));
            if (!head || head->chunked) co_return std::nullopt;
            inbox.erase(0, end + 4);
            out.emplace();
            out->head = std::move(*head);
        }
        auto const due = out ? static_cast<std::size_t>(out->head.content_length.value_or(0)) : 0;
        if (out && inbox.size() >= due) {
            out->body = inbox.substr(0, due);
            inbox.erase(0, due);
            co_return out;
        }
        auto const held = inbox.size();
        inbox.resize(held + 16 * 1024);
        auto const room = net::buffer(inbox.data() + held, 16 * 1024);
        auto const [ec, n] = co_await socket.async_read_some(room, tuple);
        inbox.resize(held + n);
        if (ec) co_return std::nullopt;
    }
}

steady::time_point deadline_of(query const& asked)
{
    return steady::now() + std::chrono::milliseconds{read_number<unsigned>(asked.get("ms")).value_or(5000)};
}

net::awaitable<void> wait_for_requests(world& sim, query asked)
{
    auto const count = read_number<std::size_t>(asked.get("count")).value_or(1);
    auto const deadline = deadline_of(asked);
    while (!sim.stopping && sim.records.over() < count && steady::now() < deadline)
        co_await sim.changes.wait_until(deadline);
}

net::awaitable<void> wait_for_state(world& sim, query asked)
{
    auto const field = std::string{asked.get("field")};
    auto const value = read_number<std::uint64_t>(asked.get("value")).value_or(0);
    auto const deadline = deadline_of(asked);
    while (!sim.stopping && steady::now() < deadline) {
        auto const state = sim.state();
        auto const* now = state.if_contains(field);
        json::error_code ec;
        if (now == nullptr || (now->to_number<std::uint64_t>(ec) == value && !ec)) break;
        co_await sim.changes.wait_until(deadline);
    }
}

std::uint64_t close_all(world& sim, query const& asked)
{
    auto const code = read_number<unsigned>(asked.get("code")).value_or(1000);
    for (auto const& socket : sim.sockets)
        socket->close_soon(code, std::string{asked.get("reason")});
    return sim.sockets.size();
}

result counted(std::string_view name, std::uint64_t count)
{
    json::object body;
    body[name] = count;
    return {.status = 200, .body = std::move(body)};
}

result set_faults(world& sim, std::string_view text)
{
    json::error_code ec;
    auto const rules = json::parse(text, ec);
    std::string const wrong = ec ? "not JSON" : sim.faults.replace(rules);
    if (wrong.empty()) return {.status = 204, .body = nullptr};
    json::object body;
    body["error"] = wrong;
    return {.status = 400, .body = std::move(body)};
}

result act(world& sim, command const& what)
{
    query const asked{what.head.target};
    result const nothing{.status = 204, .body = nullptr};
    if (what.is("GET", "/requests") || what.is("GET", "/requests/wait"))
        return {.status = 200, .body = sim.records.to_json()};
    if (what.is("GET", "/state") || what.is("GET", "/state/wait"))
        return {.status = 200, .body = sim.state()};
    if (what.is("PUT", "/faults")) return set_faults(sim, what.body);
    if (what.is("POST", "/release")) return counted("released", sim.release() ? 1 : 0);
    if (what.is("POST", "/close-websockets")) return counted("closing", close_all(sim, asked));
    if (what.is("POST", "/drop-connections")) {
        auto const count = sim.wires.size();
        sim.drop_connections();
        return counted("dropped", count);
    }
    if (what.is("DELETE", "/requests")) {
        sim.records.clear();
        return nothing;
    }
    if (what.is("DELETE", "/faults")) {
        sim.faults.clear();
        return nothing;
    }
    return {.status = 404, .body = "no such command"};
}

std::string answer_of(result const& what, bool keep_alive)
{
    auto const body = what.body.is_null() ? std::string{} : json::serialize(what.body);
    auto text = "HTTP/1.1 " + std::to_string(what.status) + " Done\r\n";
    if (what.status != 204)
        text += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
    if (!keep_alive) text += "Connection: close\r\n";
    return text + "\r\n" + body;
}

} // namespace

net::awaitable<void> serve_control(world& sim, tcp::socket socket)
{
    std::string inbox;
    while (!sim.stopping) {
        auto const what = co_await next_command(socket, inbox);
        if (!what) break;
        query const asked{what->head.target};
        if (what->is("GET", "/requests/wait")) co_await wait_for_requests(sim, asked);
        if (what->is("GET", "/state/wait")) co_await wait_for_state(sim, asked);
        auto const answer = answer_of(act(sim, *what), what->head.keep_alive);
        auto const [ec, n] = co_await net::async_write(socket, net::buffer(answer), tuple);
        if (ec || !what->head.keep_alive) break;
    }
}

} // namespace simulator
