#include "tests/simulator/tts.hpp"

#include "tests/simulator/base64.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace simulator {

namespace json = boost::json;

namespace {

std::string_view text_of(json::object const& from, std::string_view name)
{
    auto const* value = from.if_contains(name);
    if (value == nullptr || !value->is_string()) return {};
    return value->get_string();
}

bool flag_of(json::object const& from, std::string_view name)
{
    auto const* value = from.if_contains(name);
    return value != nullptr && value->is_bool() && value->get_bool();
}

double number_of(json::object const& from, std::string_view name, double otherwise)
{
    auto const* value = from.if_contains(name);
    if (value == nullptr || !value->is_number()) return otherwise;
    return value->to_number<double>();
}

std::optional<problem> check_voice(json::object const& from, std::string_view version)
{
    constexpr std::string_view nobody = "00000000-0000-0000-0000-000000000000";
    auto const* voice = from.if_contains("voice");
    if (voice == nullptr) return bad_input("voice is required");
    std::string_view id;
    if (voice->is_string()) id = voice->get_string();
    if (voice->is_object()) {
        id = text_of(voice->get_object(), "id");
        bool const embedded = voice->get_object().contains("embedding");
        if (embedded && version == "2026-08-14") return bad_input("voice embeddings are no longer supported");
        if (embedded) return {};
    }
    if (id.empty()) return bad_input("voice must be an id or an object with an id");
    if (id == nobody)
        return problem{404, "voice_not_found", "Voice not found", "there is no voice of that id"};
    return {};
}

std::optional<problem> read_format(json::object const& from, tts_surface surface, tts_request& into)
{
    constexpr std::array rates{8000U, 16000U, 22050U, 24000U, 44100U, 48000U};
    auto const unsupported = [](std::string why) {
        return problem{400, "unsupported_audio_format", "Unsupported audio format", std::move(why)};
    };
    auto const* value = from.if_contains("output_format");
    if (value == nullptr || !value->is_object()) return bad_input("output_format is required");
    auto const& format = value->get_object();
    into.container = text_of(format, "container");
    into.sample_rate = static_cast<unsigned>(number_of(format, "sample_rate", 0));
    if (into.container == "mp3") return unsupported("the simulator has no mp3 encoder");
    if (into.container != "raw" && into.container != "wav")
        return bad_input("container must be raw, wav or mp3");
    if (into.container != "raw" && surface != tts_surface::bytes)
        return unsupported("only raw can be streamed in events");
    auto const form = read_encoding(text_of(format, "encoding"));
    if (!form || *form == encoding::pcm_s32le || *form == encoding::pcm_f16le)
        return unsupported("encoding must be pcm_f32le, pcm_s16le, pcm_mulaw or pcm_alaw");
    into.form = *form;
    if (std::ranges::find(rates, into.sample_rate) == rates.end()) return unsupported("no such sample_rate");
    return {};
}

std::optional<problem> check_model(json::object const& from)
{
    auto const model = text_of(from, "model_id");
    if (model.empty()) return bad_input("model_id is required");
    if (model.starts_with("sonic")) return {};
    return problem{404, "model_not_found", "Model not found", "there is no model of that name"};
}

double rounded(double seconds) { return std::round(seconds * 1000) / 1000; }

json::object event(std::string_view type, bool done, tts_event_of const& of)
{
    json::object out{
        {"type",        type},
        {"done",        done},
        {"status_code", 206 },
    };
    if (!of.context_id.empty()) out["context_id"] = of.context_id;
    if (of.flush_id != 0) out["flush_id"] = of.flush_id;
    return out;
}

} // namespace

std::variant<tts_request, problem>
read_tts(json::object const& from, tts_surface surface, std::string_view version)
{
    tts_request out;
    out.transcript = text_of(from, "transcript");
    out.context_id = text_of(from, "context_id");
    out.continues = flag_of(from, "continue");
    out.flush = flag_of(from, "flush");
    out.save = flag_of(from, "save");
    out.timestamps = flag_of(from, "add_timestamps");
    out.phonemes = flag_of(from, "add_phoneme_timestamps");
    out.flush_each = number_of(from, "max_buffer_delay_ms", 1) == 0;

    if (auto wrong = check_model(from)) return *wrong;
    if (!from.contains("transcript")) return bad_input("transcript is required");
    // On the socket an empty transcript ends or flushes a context.
    if (out.transcript.empty() && surface != tts_surface::socket)
        return bad_input("transcript must not be empty");
    if (auto wrong = check_voice(from, version)) return *wrong;
    if (auto wrong = read_format(from, surface, out)) return *wrong;
    if (from.contains("language") && from.contains("locale"))
        return bad_input("language and locale exclude each other");
    if (auto const language = text_of(from, from.contains("locale") ? "locale" : "language");
        !language.empty())
        out.language = language.substr(0, 2);
    if (out.language == "xx")
        return problem{400, "language_not_supported", "Language not supported", "nobody speaks that"};
    if (auto const* config = from.if_contains("generation_config"); config != nullptr && config->is_object())
        out.speed = number_of(config->get_object(), "speed", 1);
    return out;
}

std::vector<std::string> in_pieces(speech const& what, tts_request const& as)
{
    auto const samples = resample(what.samples, what.sample_rate, as.sample_rate);
    std::size_t const ordinary = as.sample_rate / 5;
    auto const size = std::clamp<std::size_t>(ordinary, 1, std::max<std::size_t>(samples.size() / 2, 1));
    std::vector<std::string> pieces;
    for (std::span<std::int16_t const> rest{samples}; !rest.empty();) {
        auto const n = std::min(size, rest.size());
        pieces.push_back(encode(rest.first(n), as.form));
        rest = rest.subspan(n);
    }
    if (as.container == "wav")
        pieces.front().insert(0, wav_header(as.form, as.sample_rate, samples.size() * sample_bytes(as.form)));
    return pieces;
}

json::object chunk_event(std::string_view sound, tts_event_of const& of)
{
    auto out = event("chunk", false, of);
    out["data"] = base64(sound);
    out["step_time"] = 12;
    return out;
}

json::object done_event(tts_event_of const& of) { return event("done", true, of); }

json::object flush_done_event(tts_event_of const& of)
{
    auto out = event("flush_done", false, of);
    out["flush_done"] = true;
    return out;
}

json::object timestamps_event(speech const& what, double offset, tts_event_of const& of)
{
    json::array words, starts, ends;
    for (auto const& word : what.words) {
        words.emplace_back(word.text);
        starts.emplace_back(rounded(offset + word.start));
        ends.emplace_back(rounded(offset + word.end));
    }
    json::object times;
    times["words"] = std::move(words);
    times["start"] = std::move(starts);
    times["end"] = std::move(ends);
    auto out = event("timestamps", false, of);
    out["word_timestamps"] = std::move(times);
    return out;
}

/// Letters stand in for phonemes, spread evenly over their word.
json::object phonemes_event(speech const& what, double offset, tts_event_of const& of)
{
    json::array phonemes, starts, ends;
    for (auto const& word : what.words) {
        auto const step =
            (word.end - word.start) / static_cast<double>(std::max<std::size_t>(word.text.size(), 1));
        double at = offset + word.start;
        for (char const letter : word.text) {
            if (static_cast<unsigned char>(letter) >= 0x80) continue;
            phonemes.emplace_back(std::string(1, letter));
            starts.emplace_back(rounded(at));
            ends.emplace_back(rounded(at += step));
        }
    }
    json::object times;
    times["phonemes"] = std::move(phonemes);
    times["start"] = std::move(starts);
    times["end"] = std::move(ends);
    auto out = event("phoneme_timestamps", false, of);
    out["phoneme_timestamps"] = std::move(times);
    return out;
}

} // namespace simulator
