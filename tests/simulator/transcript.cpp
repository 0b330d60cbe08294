#include "tests/simulator/transcript.hpp"

#include <boost/json.hpp>

#include <array>
#include <cmath>
#include <cstdio>
#include <sstream>
#include <vector>

namespace simulator {

std::string heard(sound const& what)
{
    std::array<char, 64> seconds{};
    std::snprintf(seconds.data(), seconds.size(), "heard %.2f seconds of ", what.seconds);
    std::string text = seconds.data() + what.container;
    if (!what.form.empty()) text += (what.container.empty() ? "" : " ") + what.form;
    if (what.sample_rate != 0) text += ' ' + std::to_string(what.sample_rate) + " Hz";
    return text;
}

boost::json::array words_of(std::string_view text, double seconds)
{
    std::vector<std::string> words;
    std::istringstream in{std::string{text}};
    for (std::string word; in >> word;)
        words.push_back(word);
    boost::json::array out;
    auto const at = [&](std::size_t i) {
        return std::round(1000 * seconds * static_cast<double>(i) / static_cast<double>(words.size())) / 1000;
    };
    for (std::size_t i = 0; i < words.size(); ++i) {
        boost::json::object word;
        word["word"] = words[i];
        word["start"] = at(i);
        word["end"] = at(i + 1);
        out.push_back(std::move(word));
    }
    return out;
}

} // namespace simulator
