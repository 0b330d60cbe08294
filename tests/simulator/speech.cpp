#include "tests/simulator/speech.hpp"

#include <espeak-ng/speak_lib.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace simulator {
namespace {

constexpr std::size_t remembered_max = 32;

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

/// `count` UTF-8 characters from the `first` (from 0) on: espeak counts characters, not bytes.
std::string characters(std::string_view text, std::size_t first, std::size_t count)
{
    std::string out;
    std::size_t index = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i != 0 && !continues(text[i])) ++index;
        if (index >= first && index < first + count) out.push_back(text[i]);
    }
    return out;
}

struct rendering {
    std::string_view text;
    speech result;
};

void note_word(rendering& into, espeak_EVENT const& event)
{
    double const start = event.audio_position / 1000.0;
    auto& words = into.result.words;
    if (!words.empty()) words.back().end = std::max(words.back().start, start);
    auto const first = static_cast<std::size_t>(std::max(event.text_position - 1, 0));
    auto const count = static_cast<std::size_t>(std::max(event.length, 0));
    words.push_back({.text = characters(into.text, first, count), .start = start, .end = start});
}

/// espeak's callback: sound and word events as they are made. 0 means go on.
int collect(short* samples, int count, espeak_EVENT* events)
{
    auto* const into = static_cast<rendering*>(events->user_data);
    if (into == nullptr) return 0;
    for (auto const* event = events; event->type != espeakEVENT_LIST_TERMINATED; ++event)
        if (event->type == espeakEVENT_WORD) note_word(*into, *event);
    if (samples != nullptr && count > 0)
        into->result.samples.insert(into->result.samples.end(), samples, samples + count);
    return 0;
}

std::string_view cut(std::string_view transcript)
{
    if (transcript.size() <= speaker::transcript_bytes_max) return transcript;
    auto end = speaker::transcript_bytes_max;
    while (end > 0 && continues(transcript[end]))
        --end;
    return transcript.substr(0, end);
}

} // namespace

speaker::speaker()
{
    // SYNCHRONOUS gives the sound to the callback and returns when all is said; no thread, no sound card.
    int const rate = espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, nullptr, espeakINITIALIZE_DONT_EXIT);
    if (rate <= 0) throw std::runtime_error{"espeak-ng does not start (is espeak-ng-data installed?)"};
    sample_rate_ = static_cast<unsigned>(rate);
    espeak_SetSynthCallback(collect);
}

speaker::~speaker() { espeak_Terminate(); }

std::shared_ptr<speech const>
speaker::say(std::string_view transcript, std::string_view language, double speed)
{
    std::string const text{cut(transcript)};
    int const words_per_minute = static_cast<int>(std::lround(175 * std::clamp(speed, 0.5, 2.0)));
    auto key = std::string{language} + '|' + std::to_string(words_per_minute) + '|' + text;
    auto const known = std::ranges::find(recent_, key, &memory::key);
    if (known != recent_.end()) {
        recent_.splice(recent_.begin(), recent_, known);
        return known->value;
    }

    if (language_ != language) {
        language_ = language;
        if (espeak_SetVoiceByName(language_.c_str()) != EE_OK) espeak_SetVoiceByName("en");
    }
    espeak_SetParameter(espeakRATE, words_per_minute, 0);
    rendering into{
        .text = text, .result = {.sample_rate = sample_rate_, .samples = {}, .words = {}}
    };
    espeak_Synth(text.c_str(), text.size() + 1, 0, POS_CHARACTER, 0, espeakCHARS_UTF8, nullptr, &into);
    auto& made = into.result;
    if (made.samples.size() < sample_rate_ / 5) made.samples.resize(sample_rate_ / 5); // 0.2 s
    if (!made.words.empty()) made.words.back().end = made.seconds();

    auto result = std::make_shared<speech const>(std::move(made));
    recent_.push_front({.key = std::move(key), .value = result});
    if (recent_.size() > remembered_max) recent_.pop_back();
    return result;
}

} // namespace simulator
