#include "certs/base64url.hpp"
#include "gateway/base/strict_json.hpp"
#include "policy/base64url.hpp"
#include "policy/json_members.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/fuzz/targets.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace fuzz {
namespace {

namespace json = boost::json;
using form = policy::json_member::form;

struct told {
    std::string name;
    std::string inner;
    form what{};
    std::string text{};
    std::int64_t integer = 0;
    bool flag = false;

    friend bool operator==(told const&, told const&) = default;
};

class listener final : public policy::json_member_sink {
public:
    bool take(policy::json_member const& m) noexcept override
    {
        promise(m.depth == 1 || m.depth == 2, "deeper ones are not told");
        all.push_back(
            {std::string(m.name), std::string(m.inner), m.what, std::string(m.text), m.integer, m.flag});
        return true;
    }
    std::vector<told> all;
};

told as_told(std::string const& name, std::string const& inner, json::value const& v)
{
    told out{.name = name, .inner = inner, .what = form::other};
    if (v.is_string()) {
        out.what = form::text;
        out.text = v.get_string();
    } else if (v.is_int64()) {
        out.what = form::integer;
        out.integer = v.get_int64();
    } else if (v.is_bool()) {
        out.what = form::boolean;
        out.flag = v.get_bool();
    } else if (v.is_object()) {
        out.what = form::object;
    } else if (v.is_array()) {
        out.what = form::array;
    }
    return out;
}

/// What a listener is to be told of a parsed object.
std::vector<told> list_members(json::object const& of)
{
    std::vector<told> out;
    for (auto const& [key, value] : of) {
        out.push_back(as_told(key, "", value));
        if (auto const* inside = value.if_object())
            for (auto const& [inner, v] : *inside)
                out.push_back(as_told(key, inner, v));
        if (auto const* inside = value.if_array())
            for (auto const& v : *inside)
                out.push_back(as_told(key, "", v));
    }
    return out;
}

std::size_t longest_key(json::value const& in)
{
    std::size_t most = 0;
    if (auto const* object = in.if_object())
        for (auto const& [key, value] : *object)
            most = std::max({most, key.size(), longest_key(value)});
    if (auto const* array = in.if_array())
        for (auto const& value : *array)
            most = std::max(most, longest_key(value));
    return most;
}

json::value parsed(std::string_view text, std::size_t depth_max, json::error_code& ec)
{
    json::parse_options options;
    options.max_depth = depth_max;
    return json::parse({text.data(), text.size()}, ec, {}, options);
}

/// `unrepeated`: no object in `text` has a key twice, so a parsed value hides nothing.
void check_members(std::string_view text, bool unrepeated)
{
    listener heard;
    auto const taken = policy::read_json_members(text, heard);
    json::error_code ec;
    auto const value = parsed(text, 8, ec);
    auto const is_object = !ec && value.is_object() && text.size() <= policy::json_bytes_max;
    promise(!taken || is_object, "what is taken is one JSON object within bounds");
    if (!unrepeated) return;
    promise(taken == (is_object && longest_key(value) <= 64), "both readers say what is one");
    if (taken) promise(heard.all == list_members(value.get_object()), "both readers see the same members");
}

void check_base64url(std::string_view text)
{
    std::vector<std::uint8_t> out(policy::base64url::decoded_size(text.size()));
    auto const got = policy::base64url::decode(text, out);
    auto const other = certs::from_base64url(text);
    promise(got.has_value() == other.has_value(), "both readers say what base64url is");
    if (got) {
        promise(
            *got == out.size() &&
                std::equal(
                    out.begin(),
                    out.end(),
                    other->begin(),
                    other->end(),
                    [](std::uint8_t a, char b) { return a == static_cast<std::uint8_t>(b); }),
            "both decode alike");
        std::string again;
        policy::base64url::append(again, out);
        promise(again == text, "no bytes have two spellings");
    }
    std::string coded;
    auto const bytes = std::span(reinterpret_cast<std::uint8_t const*>(text.data()), text.size());
    policy::base64url::append(coded, bytes);
    promise(
        coded == certs::to_base64url(bytes) && certs::from_base64url(coded) == text,
        "all bytes have a spelling");
}

} // namespace

void json(std::string_view bytes)
{
    auto const exact = gateway::read_json(bytes, gateway::json_dialect::exact);
    json::error_code ec;
    auto const value = parsed(bytes, 32, ec);
    promise(!exact.value || (!ec && *exact.value == value), "what is taken is what Boost.JSON reads");
    promise(exact.value || !exact.where.empty(), "what is refused has a place");
    auto const relaxed = gateway::read_json(bytes, gateway::json_dialect::for_people);
    promise(!exact.value || (relaxed.value && *relaxed.value == value), "people may write exact JSON too");
    check_members(bytes, exact.value.has_value());
    check_base64url(bytes);
}

} // namespace fuzz
