/// What the simulator "hears": a true statement about the audio it got, so that tests can check it arrived.
#pragma once

#include "tests/simulator/audio.hpp"

#include <boost/json/array.hpp>

namespace simulator {

/// "heard 1.40 seconds of wav pcm_s16le 24000 Hz", leaving out what is not known.
[[nodiscard]] std::string heard(sound const& what);

/// The words of `text`, spread evenly over `seconds`.
[[nodiscard]] boost::json::array words_of(std::string_view text, double seconds);

} // namespace simulator
