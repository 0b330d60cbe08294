#include "gateway/watch/metrics_text.hpp"

namespace gateway::watch {
namespace {

void append_label_value(std::string& out, std::string_view value)
{
    for (char const c : value) {
        if (c == '\n') {
            out += "\\n";
            continue;
        }
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
}

void append_labels(std::string& out, std::initializer_list<label> labels)
{
    char before = '{';
    for (auto const& [name, value] : labels) {
        out += before;
        out += name;
        out += "=\"";
        append_label_value(out, value);
        out += '"';
        before = ',';
    }
    if (labels.size() != 0) out += '}';
}

} // namespace

void metrics_text::family(std::string_view name, std::string_view type, std::string_view help)
{
    family_ = name;
    out_.append("# HELP ").append(name).append(" ").append(help).append("\n");
    out_.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

void metrics_text::sample(std::initializer_list<label> labels, std::uint64_t value)
{
    sample("", labels, std::to_string(value));
}

void metrics_text::sample(
    std::string_view suffix, std::initializer_list<label> labels, std::string_view value)
{
    out_.append(family_).append(suffix);
    append_labels(out_, labels);
    out_.append(" ").append(value).append("\n");
}

std::string seconds_text(std::uint64_t microseconds)
{
    auto text = std::to_string(microseconds / 1'000'000);
    auto fraction = std::to_string(1'000'000 + microseconds % 1'000'000);
    fraction[0] = '.';
    fraction.erase(fraction.find_last_not_of('0') + 1);
    if (fraction != ".") text += fraction;
    return text;
}

} // namespace gateway::watch
