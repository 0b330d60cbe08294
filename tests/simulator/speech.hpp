/// The simulator's voice: real speech by espeak-ng, so that a client hears words and a test measures seconds.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace simulator {

struct spoken_word {
    std::string text;
    double start = 0; ///< seconds
    double end = 0;
};

struct speech {
    unsigned sample_rate = 0;
    std::vector<std::int16_t> samples; ///< mono
    std::vector<spoken_word> words;

    [[nodiscard]] double seconds() const { return static_cast<double>(samples.size()) / sample_rate; }
};

/// Owns espeak-ng, which is one per process: make one speaker only. Throws when the library has no data.
class speaker {
public:
    speaker();
    ~speaker();
    speaker(speaker const&) = delete;
    speaker& operator=(speaker const&) = delete;

    /// Renders `transcript`; what lies beyond `transcript_bytes_max` stays unsaid. An unknown language is
    /// spoken in English. `speed` 1 is ordinary. Never empty: a transcript without a sound gives silence.
    /// Recent renderings are remembered, so a load test measures the gateway and not the speech engine.
    [[nodiscard]] std::shared_ptr<speech const>
    say(std::string_view transcript, std::string_view language, double speed);

    static constexpr std::size_t transcript_bytes_max = 3000;

private:
    struct memory {
        std::string key;
        std::shared_ptr<speech const> value;
    };

    unsigned sample_rate_ = 0;
    std::string language_;
    std::list<memory> recent_;
};

} // namespace simulator
