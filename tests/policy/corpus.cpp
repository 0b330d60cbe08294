#include "tests/policy/corpus.hpp"

#include <boost/json/parse.hpp>

#include <fstream>
#include <ostream>
#include <stdexcept>

namespace test {

std::string corpus_row::text(std::string_view name) const
{
    return std::string(members.at(name).as_string());
}

bool corpus_row::lists(std::string_view name, std::string_view entry) const
{
    for (auto const& listed : members.at(name).as_array())
        if (listed.as_string() == entry) return true;
    return false;
}

std::ostream& operator<<(std::ostream& out, corpus_row const& row) { return out << row.id(); }

std::vector<corpus_row> read_corpus(std::string_view file)
{
    std::ifstream in(VOICEGATE_TEST_DATA "/" + std::string(file));
    std::vector<corpus_row> rows;
    for (std::string line; std::getline(in, line);)
        rows.push_back({boost::json::parse(line).as_object()});
    if (rows.empty()) throw std::runtime_error("no rows in " + std::string(file));
    return rows;
}

std::string from_base64(std::string_view text)
{
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (char c : text) {
        if (c == '=') break;
        bits = bits << 6U | static_cast<std::uint32_t>(alphabet.find(c));
        held += 6;
        if (held < 8) continue;
        held -= 8;
        out += static_cast<char>(bits >> held);
    }
    return out;
}

std::string replaced(std::string text, std::vector<std::pair<std::string_view, std::string_view>> const& all)
{
    for (auto const& [from, to] : all)
        for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
            text.replace(at, from.size(), to);
    return text;
}

} // namespace test
