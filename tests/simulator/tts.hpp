/// Text to speech, whatever carries it: the request as JSON, the rendering in pieces, the events as JSON.
#pragma once

#include "tests/simulator/audio.hpp"
#include "tests/simulator/problem.hpp"
#include "tests/simulator/speech.hpp"

#include <boost/json/object.hpp>

#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace simulator {

enum class tts_surface { bytes, sse, socket };

struct tts_request {
    std::string transcript, language = "en", container, context_id;
    encoding form = encoding::pcm_s16le;
    unsigned sample_rate = 0;
    double speed = 1;
    bool save = false;
    bool timestamps = false, phonemes = false;
    bool continues = false, flush = false, flush_each = false;
};

/// Reads a generation request as the surface and API version want it (contract §7, §8).
[[nodiscard]] std::variant<tts_request, problem>
read_tts(boost::json::object const& from, tts_surface surface, std::string_view version);

/// The encoded sound in pieces of about 0.2 s, at least two; a WAV header stands before the first.
[[nodiscard]] std::vector<std::string> in_pieces(speech const& what, tts_request const& as);

struct tts_event_of {
    std::string_view context_id; ///< left out when empty
    unsigned flush_id = 0;       ///< left out when 0
};

[[nodiscard]] boost::json::object chunk_event(std::string_view sound, tts_event_of const& of);
[[nodiscard]] boost::json::object done_event(tts_event_of const& of);
[[nodiscard]] boost::json::object flush_done_event(tts_event_of const& of);

/// Word and phoneme times; `offset` is where in the context this speech begins, in seconds.
[[nodiscard]] boost::json::object timestamps_event(speech const& what, double offset, tts_event_of const& of);
[[nodiscard]] boost::json::object phonemes_event(speech const& what, double offset, tts_event_of const& of);

} // namespace simulator
