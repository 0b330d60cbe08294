#include "gateway/relay/hand_over.hpp"

#include "gateway/wire/frame.hpp"

namespace gateway::relay {

namespace {

/// The client's 101. The head was found good when it came, and is read anew since its views were of then.
std::string_view
write_answer(upstream::held_socket const& held, request_facts const& facts, services const& with)
{
    auto const limits = wire::response_limits(with.limits.response_head_bytes);
    std::size_t scanned = 0;
    auto& memory = with.memory;
    (void)wire::read_response_head(held.answer, limits, false, scanned, memory.response);
    memory.out.clear();
    append_handed_over(
        memory.out,
        memory.response,
        wire::accept_for(facts.websocket_key),
        facts.request_id,
        facts.hsts_max_age);
    return memory.out;
}

} // namespace

task<forwarded>
hand_over(upstream::held_socket held, exchange const& what, client_side& client, services& with)
{
    forwarded result;
    result.upstream_reused = true;
    outbox box;
    auto const sent = box.send(client.tls, write_answer(held, what.facts, with));
    result.first_byte = std::chrono::steady_clock::now();
    result.client_left = sent == wire::progress::failed ||
                         (!box.empty() && !co_await deliver_rest(box, client, with.limits.write_stall));
    client.timer.disarm();
    if (result.client_left) {
        result.failed = fault::upstream_bad_answer;
        co_return result;
    }
    result.status = 101;
    result.switched = std::move(held.link);
    co_return result;
}

} // namespace gateway::relay
