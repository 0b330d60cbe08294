#include "tests/simulator/audio.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

namespace simulator {
namespace {

constexpr std::array names{
    std::pair{encoding::pcm_s16le, std::string_view{"pcm_s16le"}},
    std::pair{encoding::pcm_f32le, std::string_view{"pcm_f32le"}},
    std::pair{encoding::pcm_mulaw, std::string_view{"pcm_mulaw"}},
    std::pair{encoding::pcm_alaw,  std::string_view{"pcm_alaw"} },
    std::pair{encoding::pcm_s32le, std::string_view{"pcm_s32le"}},
    std::pair{encoding::pcm_f16le, std::string_view{"pcm_f16le"}},
};

void put(std::string& to, std::uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; ++i)
        to.push_back(static_cast<char>((value >> (8 * i)) & 255));
}

std::uint32_t get(std::string_view from, std::size_t at, unsigned bytes)
{
    std::uint32_t value = 0;
    for (unsigned i = 0; i < bytes; ++i)
        value |= static_cast<std::uint32_t>(static_cast<unsigned char>(from[at + i])) << (8 * i);
    return value;
}

/// WAVE_FORMAT_* of mmreg.h.
std::uint16_t wave_tag(encoding form)
{
    switch (form) {
    case encoding::pcm_f32le:
    case encoding::pcm_f16le:
        return 3;
    case encoding::pcm_alaw:
        return 6;
    case encoding::pcm_mulaw:
        return 7;
    case encoding::pcm_s16le:
    case encoding::pcm_s32le:
        break;
    }
    return 1;
}

std::string form_of(std::uint32_t tag, std::uint32_t bits)
{
    for (auto const& [form, name] : names)
        if (wave_tag(form) == tag && sample_bytes(form) * 8 == bits) return std::string{name};
    return "pcm_" + std::to_string(bits) + "bit";
}

} // namespace

std::optional<encoding> read_encoding(std::string_view name)
{
    auto const row = std::ranges::find(names, name, [](auto const& r) { return r.second; });
    if (row == names.end()) return {};
    return row->first;
}

std::string_view name_of(encoding form)
{
    return std::ranges::find(names, form, [](auto const& r) { return r.first; })->second;
}

std::size_t sample_bytes(encoding form)
{
    switch (form) {
    case encoding::pcm_mulaw:
    case encoding::pcm_alaw:
        return 1;
    case encoding::pcm_s16le:
    case encoding::pcm_f16le:
        return 2;
    case encoding::pcm_f32le:
    case encoding::pcm_s32le:
        break;
    }
    return 4;
}

std::uint8_t mulaw(std::int16_t sample)
{
    constexpr int bias = 0x84;
    int const sign = sample < 0 ? 0x80 : 0;
    int const size =
        std::min(sample < 0 ? -static_cast<int>(sample) : static_cast<int>(sample), 32635) + bias;
    int exponent = 7;
    for (int bit = 0x4000; exponent > 0 && (size & bit) == 0; bit >>= 1)
        --exponent;
    int const mantissa = (size >> (exponent + 3)) & 0x0f;
    return static_cast<std::uint8_t>(~(sign | (exponent << 4) | mantissa));
}

std::uint8_t alaw(std::int16_t sample)
{
    int const sign = sample >= 0 ? 0x80 : 0;
    int const size = (sample >= 0 ? static_cast<int>(sample) : -static_cast<int>(sample) - 1) >> 4; // 11 bits
    int code = size;
    if (size >= 16) {
        int const exponent = static_cast<int>(std::bit_width(static_cast<unsigned>(size))) - 4;
        code = (exponent << 4) | ((size >> (exponent - 1)) & 0x0f);
    }
    return static_cast<std::uint8_t>((sign | code) ^ 0x55);
}

std::vector<std::int16_t> resample(std::span<std::int16_t const> samples, unsigned from_hz, unsigned to_hz)
{
    if (samples.empty() || from_hz == to_hz) return {samples.begin(), samples.end()};
    std::vector<std::int16_t> out(samples.size() * to_hz / from_hz);
    for (std::size_t i = 0; i < out.size(); ++i) {
        auto const position = static_cast<std::uint64_t>(i) * from_hz;
        auto const left = static_cast<std::size_t>(position / to_hz);
        auto const share = static_cast<std::int64_t>(position % to_hz);
        std::int64_t const a = samples[left];
        std::int64_t const b = samples[std::min(left + 1, samples.size() - 1)];
        out[i] = static_cast<std::int16_t>(a + (b - a) * share / static_cast<std::int64_t>(to_hz));
    }
    return out;
}

std::string encode(std::span<std::int16_t const> samples, encoding form)
{
    std::string out;
    out.reserve(samples.size() * sample_bytes(form));
    for (auto const sample : samples) {
        switch (form) {
        case encoding::pcm_mulaw:
            out.push_back(static_cast<char>(mulaw(sample)));
            break;
        case encoding::pcm_alaw:
            out.push_back(static_cast<char>(alaw(sample)));
            break;
        case encoding::pcm_f32le:
            put(out, std::bit_cast<std::uint32_t>(static_cast<float>(sample) / 32768.0F), 4);
            break;
        case encoding::pcm_s16le:
        case encoding::pcm_s32le:
        case encoding::pcm_f16le:
            put(out, static_cast<std::uint16_t>(sample), 2);
            break;
        }
    }
    return out;
}

std::string wav_header(encoding form, unsigned sample_rate, std::size_t data_bytes)
{
    auto const width = sample_bytes(form);
    bool const plain = form == encoding::pcm_s16le; // all others carry an extension size and a fact chunk
    std::size_t const before_data = plain ? 36 : 50;
    std::string header = "RIFF";
    put(header, before_data + data_bytes + data_bytes % 2, 4);
    header += "WAVEfmt ";
    put(header, plain ? 16 : 18, 4);
    put(header, wave_tag(form), 2);
    put(header, 1, 2); // mono
    put(header, sample_rate, 4);
    put(header, sample_rate * width, 4);
    put(header, width, 2);
    put(header, width * 8, 2);
    if (!plain) {
        put(header, 0, 2);
        header += "fact";
        put(header, 4, 4);
        put(header, data_bytes / width, 4);
    }
    header += "data";
    put(header, data_bytes, 4);
    return header;
}

std::optional<sound> describe_wav(std::string_view bytes, std::uint64_t whole_bytes)
{
    if (bytes.size() < 12 || !bytes.starts_with("RIFF") || bytes.substr(8, 4) != "WAVE") return {};
    sound found{.container = "wav", .form = {}};
    std::uint32_t bytes_per_second = 0;
    for (std::size_t at = 12; at + 8 <= bytes.size();) {
        auto const name = bytes.substr(at, 4);
        std::uint64_t const size = get(bytes, at + 4, 4);
        at += 8;
        if (name == "fmt " && size >= 16 && at + 16 <= bytes.size()) {
            found.form = form_of(get(bytes, at, 2), get(bytes, at + 14, 2));
            found.sample_rate = get(bytes, at + 4, 4);
            bytes_per_second = get(bytes, at + 8, 4);
        }
        if (name == "data") {
            // A streamed WAV states 0xffffffff: what is really there counts.
            auto const held =
                std::min<std::uint64_t>(size, whole_bytes - std::min<std::uint64_t>(at, whole_bytes));
            if (bytes_per_second != 0) found.seconds = static_cast<double>(held) / bytes_per_second;
            return found;
        }
        at += static_cast<std::size_t>(size + size % 2);
    }
    return found;
}

} // namespace simulator
