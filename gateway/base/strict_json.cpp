#include "gateway/base/strict_json.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

namespace gateway {

namespace json = boost::json;

namespace {

/// Follows a parse and keeps nothing but the keys of the objects that are open.
struct key_watcher {
    static constexpr std::size_t max_object_size = 100'000;
    static constexpr std::size_t max_array_size = 100'000;
    static constexpr std::size_t max_key_size = 1'024;
    static constexpr std::size_t max_string_size = 1'000'000;

    struct level {
        bool is_array = false;
        std::size_t elements = 0;
        std::string key;
        std::set<std::string, std::less<>> keys;
    };

    std::vector<level> open;
    std::string partial_key;
    std::string repeated; ///< path of the first key that was given twice
    std::string beyond;   ///< path of the first number that is too large

    void count_element()
    {
        if (!open.empty()) ++open.back().elements;
    }
    void take_key(json::string_view last_part)
    {
        auto& here = open.back();
        here.key = std::exchange(partial_key, {});
        here.key.append(last_part.data(), last_part.size());
        if (!here.keys.insert(here.key).second && repeated.empty()) repeated = path();
    }
    [[nodiscard]] std::string path() const
    {
        std::string out;
        for (auto const& l : open)
            out = l.is_array ? json_path(out, l.elements - 1) : json_path(out, l.key);
        return out;
    }
    bool enter(bool array)
    {
        count_element();
        open.push_back({array, 0, {}, {}});
        return true;
    }
    bool scalar()
    {
        count_element();
        return true;
    }

    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }
    bool on_object_begin(json::error_code&) { return enter(false); }
    bool on_array_begin(json::error_code&) { return enter(true); }
    bool on_object_end(std::size_t, json::error_code&) { return open.pop_back(), true; }
    bool on_array_end(std::size_t, json::error_code&) { return open.pop_back(), true; }
    bool on_key_part(json::string_view s, std::size_t, json::error_code&)
    {
        partial_key.append(s.data(), s.size());
        return true;
    }
    bool on_key(json::string_view s, std::size_t, json::error_code&) { return take_key(s), true; }
    bool on_string_part(json::string_view, std::size_t, json::error_code&) { return true; }
    bool on_string(json::string_view, std::size_t, json::error_code&) { return scalar(); }
    bool on_number_part(json::string_view, json::error_code&) { return true; }
    bool on_int64(std::int64_t, json::string_view, json::error_code&) { return scalar(); }
    bool on_uint64(std::uint64_t, json::string_view, json::error_code&) { return scalar(); }
    bool on_double(double number, json::string_view, json::error_code&)
    {
        count_element();
        if (!std::isfinite(number) && beyond.empty()) beyond = open.empty() ? "the whole text" : path();
        return true;
    }
    bool on_bool(bool, json::error_code&) { return scalar(); }
    bool on_null(json::error_code&) { return scalar(); }
    bool on_comment_part(json::string_view, json::error_code&) { return true; }
    bool on_comment(json::string_view, json::error_code&) { return true; }
};

std::string position(std::string_view text, std::size_t offset)
{
    auto const before = text.substr(0, offset);
    auto const line = 1 + std::ranges::count(before, '\n');
    auto const column = before.size() - (before.rfind('\n') + 1) + 1; // npos + 1 is 0: the first line
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

} // namespace

std::string json_path(std::string_view parent, std::string_view key)
{
    auto out = std::string(parent);
    if (!out.empty()) out += '.';
    return out.append(key.empty() ? R"("")" : key);
}

std::string json_path(std::string_view parent, std::size_t index)
{
    return std::string(parent).append("[").append(std::to_string(index)).append("]");
}

json_text read_json(std::string_view text, json_dialect dialect)
{
    json::parse_options options;
    options.allow_comments = options.allow_trailing_commas = dialect == json_dialect::for_people;

    json::basic_parser<key_watcher> keys(options);
    json::error_code ec;
    auto const parsed = keys.write_some(false, text.data(), text.size(), ec);
    if (ec) return {std::nullopt, position(text, parsed), ec.message()};
    if (parsed != text.size()) return {std::nullopt, position(text, parsed), "something follows the end"};
    if (auto const& twice = keys.handler().repeated; !twice.empty())
        return {std::nullopt, twice, "given twice; remove one"};
    if (auto const& number = keys.handler().beyond; !number.empty())
        return {std::nullopt, number, "a number beyond what can be read"};

    auto value = json::parse({text.data(), text.size()}, ec, {}, options);
    if (ec) return {std::nullopt, "", ec.message()};
    return {std::move(value), {}, {}};
}

} // namespace gateway
