#include "gateway/relay/socket_opener.hpp"

#include "gateway/base/give_back.hpp"
#include "gateway/relay/handshake.hpp"
#include "gateway/relay/outbox.hpp"
#include "gateway/relay/socket_shape.hpp"
#include "gateway/wire/handshake_key.hpp"

#include <array>
#include <utility>

namespace gateway::relay {

namespace {

constexpr std::chrono::milliseconds look_every{1'000}; ///< demand fades and sockets grow old without a word

} // namespace

socket_opener::socket_opener(
    upstream::held_sockets& sockets, services with, certs::random_source const& random)
    : sockets_(sockets),
      with_(with),
      random_(random),
      refused_([&random] { return certs::random_fraction(random); })
{
}

task<> socket_opener::keep()
{
    if (!sockets_.in_use()) co_return;
    deadline round(with_.wheel, sockets_.wake());
    std::uint64_t lost = 0;
    for (;;) {
        sockets_.tend();
        auto const lost_before = std::exchange(lost, sockets_.lost());
        if (lost != lost_before) refused_.failed(with_.wheel.now());
        auto const rest = refused_.rest(with_.wheel.now());
        if (rest.count() == 0) {
            if (auto lacking = sockets_.lacking()) {
                co_await open(std::move(*lacking));
                continue;
            }
        }
        round.arm(rest.count() == 0 ? look_every : rest);
        co_await sockets_.wake().next();
    }
}

/// Over a connection of its own: the idle ones are for clients who wait.
task<> socket_opener::open(upstream::held_sockets::order what)
{
    auto made = co_await with_.pool.connect(sockets_.wake(), nullptr);
    if (!made.to) {
        refused_.failed(with_.wheel.now());
        co_return;
    }
    std::array<std::uint8_t, 16> random{};
    random_(random);
    auto const key = wire::handshake_key(random);
    auto request = opening_handshake(what.shape, key, what.bearer->reveal());
    auto answer = co_await ask(*made.to, request, key);
    give_back(request);
    if (!with_.pool.trusts(*made.to)) co_return;
    if (!answer.empty()) co_return sockets_.keep(std::move(what), std::move(made.to), std::move(answer));
    refused_.failed(with_.wheel.now());
    sockets_.refused(what.shape);
}

/// The head of the upstream's 101; empty when it is none, or when anything stands behind it.
task<std::string> socket_opener::ask(upstream::link& to, std::string const& request, std::string const& key)
{
    auto const limits = wire::response_limits(with_.limits.response_head_bytes);
    deadline patience(with_.wheel, sockets_.wake());
    patience.arm(with_.limits.upstream_answer);
    outbox box;
    std::string answer;
    auto going = box.send(to.tls, request) != wire::progress::failed;
    while (going && !patience.passed()) {
        auto const window = with_.memory.window();
        auto const got = to.tls.read(window);
        if (got.state == wire::progress::blocked) {
            co_await sockets_.wake().next();
            going = box.flush(to.tls) != wire::progress::failed;
            continue;
        }
        if (got.state != wire::progress::moved) break;
        answer.append(window.data(), got.bytes);
        auto& head = with_.memory.response;
        std::size_t scanned = 0;
        auto const read = wire::read_response_head(answer, limits, false, scanned, head);
        if (read.state == wire::head_state::incomplete) continue;
        auto const open = read.state == wire::head_state::complete && head.status == 101 &&
                          read.bytes == answer.size() && is_switch_we_asked_for(head, key, {});
        if (open) {
            to.tls.give_back_buffers();
            co_return answer;
        }
        break;
    }
    co_return std::string();
}

} // namespace gateway::relay
