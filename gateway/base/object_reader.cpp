#include "gateway/base/object_reader.hpp"

#include "gateway/base/units.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <numeric>

namespace gateway {

namespace json = boost::json;

namespace {

/// How many letters must be put in, taken out or changed to make `a` of `b` (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0U);
    for (std::size_t i = 0; i < a.size(); ++i) {
        auto diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < b.size(); ++j) {
            auto const change = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = std::exchange(row[j + 1], std::min({row[j + 1] + 1, row[j] + 1, change}));
        }
    }
    return row.back();
}

std::string remedy_for_unknown(std::string_view key, std::vector<std::string_view> const& known)
{
    auto const nearest = std::ranges::min(known, {}, [&](auto k) { return distance(k, key); });
    if (distance(nearest, key) <= std::max<std::size_t>(2, key.size() / 3))
        return "unknown key; did you mean \"" + std::string(nearest) + "\"?";
    std::string all;
    for (auto k : known)
        all.append(all.empty() ? "" : ", ").append(k);
    return "unknown key; known here: " + all;
}

std::string between(std::string const& min, std::string const& max)
{
    return "must be from " + min + " to " + max;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

} // namespace

object_reader::object_reader(json::value const& from, std::string path)
    : object_(from.if_object()), path_(std::move(path))
{
    if (!object_) throw config_error(path_.empty() ? "configuration" : path_, "must be an object: { … }");
}

json::value const* object_reader::find(std::string_view key)
{
    known_.push_back(key);
    auto const* found = object_->if_contains({key.data(), key.size()});
    if (found && found->is_null()) refuse(key, "is null; leave the key out to get the default");
    return found;
}

bool object_reader::is_null(std::string_view key)
{
    auto const* found = object_->if_contains({key.data(), key.size()});
    if (!found || !found->is_null()) return false;
    known_.push_back(key);
    return true;
}

void object_reader::text(std::string_view key, std::string& out, std::size_t bytes_max)
{
    if (auto const* found = find(key)) out = read_text(*found, path_of(key), bytes_max);
}

void object_reader::flag(std::string_view key, bool& out)
{
    auto const* found = find(key);
    if (!found) return;
    if (!found->is_bool()) refuse(key, "must be true or false");
    out = found->get_bool();
}

void object_reader::refuse_unknown_keys() const
{
    for (auto const& member : *object_) {
        auto const key = std::string_view(member.key().data(), member.key().size());
        if (std::ranges::find(known_, key) == known_.end()) refuse(key, remedy_for_unknown(key, known_));
    }
}

std::string object_reader::read_text(json::value const& from, std::string const& path, std::size_t bytes_max)
{
    auto const* text = from.if_string();
    if (!text) throw config_error(path, "must be a text in quotes");
    if (text->empty()) throw config_error(path, "is empty; leave the key out to get the default");
    if (text->size() > bytes_max)
        throw config_error(path, "is longer than " + std::to_string(bytes_max) + " bytes");
    if (std::ranges::any_of(*text, is_control)) throw config_error(path, "has a control character in it");
    return {text->data(), text->size()};
}

std::uint64_t object_reader::whole(
    json::value const& from, std::string_view key, std::uint64_t min, std::uint64_t max) const
{
    // Boost.JSON reads what fits as int64; only what does not is uint64, and that is over every bound here.
    auto const* number = from.if_int64();
    auto const fits = number && *number >= 0 && as_u64(*number) >= min && as_u64(*number) <= max;
    if (!fits) refuse(key, between(std::to_string(min), std::to_string(max)) + ", a whole number");
    return as_u64(*number);
}

std::uint64_t
object_reader::size(json::value const& from, std::string_view key, std::uint64_t min, std::uint64_t max) const
{
    std::optional<std::uint64_t> amount;
    if (auto const* number = from.if_int64(); number && *number >= 0) amount = as_u64(*number);
    if (auto const* text = from.if_string()) amount = read_bytes({text->data(), text->size()});
    if (!amount) refuse(key, "must be a number of bytes or a text such as \"64KiB\", \"16MiB\", \"2GiB\"");
    if (*amount < min || *amount > max) refuse(key, between(write_bytes(min), write_bytes(max)));
    return *amount;
}

milliseconds object_reader::time(
    json::value const& from,
    std::string_view key,
    milliseconds min,
    milliseconds max,
    milliseconds step) const
{
    if (from.is_number())
        refuse(key, "needs a unit: a text such as \"250ms\", \"10s\", \"5m\", \"4h\", \"30d\"");
    auto const* text = from.if_string();
    auto const amount = text ? read_duration({text->data(), text->size()}) : std::nullopt;
    if (!amount) refuse(key, "must be a text such as \"250ms\", \"10s\", \"5m\", \"4h\", \"30d\"");
    if (*amount < min || *amount > max) refuse(key, between(write_duration(min), write_duration(max)));
    if (amount->count() % step.count() != 0) refuse(key, "must be whole seconds");
    return *amount;
}

json::array const& object_reader::array(json::value const& from, std::string const& path)
{
    auto const* found = from.if_array();
    if (!found) throw config_error(path, "must be a list: [ … ]");
    return *found;
}

} // namespace gateway
