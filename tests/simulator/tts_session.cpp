#include "tests/simulator/tts_session.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace simulator {

namespace json = boost::json;

tts_session::tts_session(world& sim, std::string version)
    : news{sim.on}, sim_{sim}, version_{std::move(version)}
{
}

std::optional<problem> tts_session::take_message(std::string_view text, std::string& context_id)
{
    json::error_code ec;
    auto const value = json::parse(text, ec);
    if (ec || !value.is_object()) return bad_input("the message is not a JSON object");
    auto const& from = value.get_object();
    if (auto const* id = from.if_contains("context_id"); id != nullptr && id->is_string())
        context_id = std::string{std::string_view{id->get_string()}};
    if (auto const* wish = from.if_contains("cancel");
        wish != nullptr && wish->is_bool() && wish->get_bool()) {
        cancel(context_id);
        return {};
    }
    if (context_id.empty() && version_ == "2026-08-14") return bad_input("context_id is required");

    auto request = read_tts(from, tts_surface::socket, version_);
    if (auto* wrong = std::get_if<problem>(&request)) return std::move(*wrong);
    auto const& what = std::get<tts_request>(request);
    if (context_id.empty()) context_id = new_uuid();
    auto found = contexts_.find(context_id);
    if (found == contexts_.end()) {
        if (what.transcript.empty() && what.continues && !what.flush)
            return bad_input("transcript must not be empty");
        auto place = sim_.tts.take();
        if (!place) return over_the_limit("too many generations at once");
        found = contexts_.emplace(context_id, context{.place = std::move(*place), .items = {}}).first;
    }
    auto& to = found->second;
    if (to.finished) return bad_input("the context is finished");
    if (!what.transcript.empty()) add_speech(to, what);
    if (what.flush || (what.flush_each && what.continues))
        to.items.push_back({.what = kind::flushed, .data = {}, .flush_id = ++to.flushes});
    if (!what.continues) {
        to.finished = true;
        to.items.push_back({.what = kind::done, .data = {}});
    }
    news.ring();
    return {};
}

void tts_session::add_speech(context& to, tts_request const& what)
{
    auto const said = sim_.voice.say(what.transcript, what.language, what.speed);
    auto const flush_id = to.flushes + 1;
    tts_event_of const of{.context_id = what.context_id, .flush_id = flush_id};
    bool first = true;
    for (auto& piece : in_pieces(*said, what)) {
        to.items.push_back(
            {.what = kind::sound, .data = std::move(piece), .flush_id = flush_id, .begun = !first});
        if (!first) continue;
        first = false;
        if (what.timestamps)
            to.items.push_back(
                {.what = kind::text, .data = json::serialize(timestamps_event(*said, to.seconds, of))});
        if (what.phonemes)
            to.items.push_back(
                {.what = kind::text, .data = json::serialize(phonemes_event(*said, to.seconds, of))});
    }
    to.seconds += said->seconds();
}

/// Sound that has begun still comes to its end; what has not begun never does.
void tts_session::cancel(std::string const& context_id)
{
    auto const found = contexts_.find(context_id);
    if (found == contexts_.end()) return;
    auto& items = found->second.items;
    auto const begins = [](item const& i) { return i.what == kind::sound && !i.begun; };
    auto const unbegun = std::find_if(items.begin(), items.end(), begins);
    items.erase(unbegun, items.end());
    std::erase_if(items, [](item const& i) { return i.what == kind::done; });
    items.push_back({.what = kind::done, .data = {}});
    found->second.finished = true;
    news.ring();
}

std::vector<std::string> tts_session::ready() const
{
    std::vector<std::string> out;
    for (auto const& [id, c] : contexts_)
        if (!c.items.empty()) out.push_back(id);
    return out;
}

std::optional<tts_session::event> tts_session::next(std::string const& context_id)
{
    auto const found = contexts_.find(context_id);
    if (found == contexts_.end() || found->second.items.empty()) return {};
    auto const now = std::move(found->second.items.front());
    found->second.items.pop_front();
    tts_event_of const of{.context_id = context_id, .flush_id = now.flush_id};
    switch (now.what) {
    case kind::sound:
        return event{.text = json::serialize(chunk_event(now.data, of)), .sound = true};
    case kind::flushed:
        return event{.text = json::serialize(flush_done_event(of))};
    case kind::text:
        return event{.text = now.data};
    case kind::done:
        break;
    }
    contexts_.erase(found); // gives its place back
    return event{.text = json::serialize(done_event(of))};
}

void tts_session::end()
{
    contexts_.clear();
    over_ = true;
    news.ring();
}

} // namespace simulator
