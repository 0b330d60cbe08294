/// Samples, encodings and WAV: what lies between the speech engine's PCM and the bytes a client asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace simulator {

enum class encoding { pcm_s16le, pcm_f32le, pcm_mulaw, pcm_alaw, pcm_s32le, pcm_f16le };

/// The encoding of that name in the API. The last two of the enum are known to speech recognition only.
[[nodiscard]] std::optional<encoding> read_encoding(std::string_view name);
[[nodiscard]] std::string_view name_of(encoding form);
[[nodiscard]] std::size_t sample_bytes(encoding form);

/// G.711, one sample each.
[[nodiscard]] std::uint8_t mulaw(std::int16_t sample);
[[nodiscard]] std::uint8_t alaw(std::int16_t sample);

/// Linear interpolation: good enough for speech that tests measure and people may listen to.
[[nodiscard]] std::vector<std::int16_t>
resample(std::span<std::int16_t const> samples, unsigned from_hz, unsigned to_hz);

/// Mono samples as bytes. Only for the encodings that speech is made in (the first four).
[[nodiscard]] std::string encode(std::span<std::int16_t const> samples, encoding form);

/// The header of a mono WAV file whose data chunk holds exactly `data_bytes`.
[[nodiscard]] std::string wav_header(encoding form, unsigned sample_rate, std::size_t data_bytes);

struct sound {
    std::string container; ///< "wav", "raw", or the file's extension
    std::string form;      ///< an encoding's name, empty when the container hides it
    unsigned sample_rate = 0;
    double seconds = 0;
};

/// Reads a WAV file's own words about itself. `bytes` may be the beginning of a file of `whole_bytes`.
/// Nothing when it is no WAV file.
[[nodiscard]] std::optional<sound> describe_wav(std::string_view bytes, std::uint64_t whole_bytes);

} // namespace simulator
