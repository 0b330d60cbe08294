#include "tests/simulator/tts_session.hpp"
#include "tests/simulator/upgrade.hpp"
#include "tests/simulator/web_socket.hpp"
#include "tests/simulator/wire.hpp"

#include <boost/json.hpp>

namespace simulator {
namespace {

/// What the speaking coroutine needs; it may outlive the exchange by a moment.
struct speaking {
    world& sim;
    std::shared_ptr<wire> client;
    std::shared_ptr<web_socket> socket;
    std::optional<fault> trouble;
    tts_session session;
    std::uint64_t sounds_sent = 0;
};

/// Sends one event of one context. False when the socket is over.
net::awaitable<bool> say_next(speaking& s, std::string const& context_id, bool& sounded)
{
    bool const holds = s.trouble && s.trouble->kind == action::hold_after_chunks;
    if (holds && s.sounds_sent == s.trouble->chunks) {
        s.trouble.reset();
        bool const released = co_await s.sim.hold(*s.client);
        if (!released) co_return false;
    }
    auto event = s.session.next(context_id);
    if (!event) co_return true;
    if (event->sound) ++s.sounds_sent;
    if (event->sound) sounded = true;
    co_return co_await s.socket->send_text(std::move(event->text));
}

net::awaitable<void> speak(std::shared_ptr<speaking> s)
{
    bool going = true;
    while (going && !s->session.over()) {
        auto const contexts = s->session.ready();
        if (contexts.empty()) {
            co_await s->session.news.wait();
            continue;
        }
        bool sounded = false;
        for (auto const& id : contexts)
            if (going) going = co_await say_next(*s, id, sounded);
        if (going && sounded) going = co_await s->sim.pause(*s->client, s->sim.settings.chunk_pause);
    }
}

} // namespace

net::awaitable<void> talk_tts(exchange& x, caller const&, std::shared_ptr<web_socket> socket)
{
    std::shared_ptr<speaking> const s{
        new speaking{x.sim, x.client, socket, x.trouble, {x.sim, x.version}}
    };
    net::co_spawn(x.sim.on, speak(s), report_throw);
    for (;;) {
        auto const got = co_await socket->receive();
        if (!got) break;
        std::string context_id;
        auto const wrong = s->session.take_message(got->data, context_id);
        if (!wrong) continue;
        // An error of one context leaves the others and the socket alone.
        auto const id =
            context_id.empty() ? x.request_id : x.request_id + ':' + context_id + ':' + new_uuid();
        auto const event =
            error_event(*wrong, speech_side::tts, structured_errors(x.version), id, context_id);
        co_await socket->send_text(boost::json::serialize(event));
    }
    s->session.end();
}

} // namespace simulator
