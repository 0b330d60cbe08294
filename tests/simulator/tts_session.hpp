/// The contexts of one TTS socket: what each still has to say, in order; contexts take turns.
#pragma once

#include "tests/simulator/tts.hpp"
#include "tests/simulator/world.hpp"

#include <deque>
#include <map>
#include <optional>

namespace simulator {

class tts_session {
public:
    /// `sim` outlives the session.
    tts_session(world& sim, std::string version);

    /// Takes one client message. What is wrong with it, when something is; `context_id` is for the event.
    std::optional<problem> take_message(std::string_view text, std::string& context_id);

    /// The contexts that have something to send.
    [[nodiscard]] std::vector<std::string> ready() const;

    struct event {
        std::string text; ///< JSON
        bool sound = false;
    };

    /// The next event of that context. Nothing when it has none (any more).
    [[nodiscard]] std::optional<event> next(std::string const& context_id);

    void end(); ///< forgets all contexts, gives back their places
    [[nodiscard]] bool over() const { return over_; }

    bell news;

private:
    enum class kind { sound, text, flushed, done };
    struct item {
        kind what = kind::text;
        std::string data; ///< sound, or JSON
        unsigned flush_id = 0;
        bool begun = false; ///< belongs to a submission that has begun to sound
    };
    struct context {
        pool::place place;
        std::deque<item> items;
        unsigned flushes = 0;
        double seconds = 0; ///< of sound so far
        bool finished = false;
    };

    void cancel(std::string const& context_id);
    void add_speech(context& to, tts_request const& what);

    world& sim_;
    std::string version_;
    std::map<std::string, context, std::less<>> contexts_;
    bool over_ = false;
};

} // namespace simulator
