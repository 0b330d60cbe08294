#pragma once
#include "gateway/base/config.hpp"
#include "gateway/base/strict_json.hpp"

#include <boost/json/value.hpp>

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {

/// Hands out the members of one JSON object, each by its name, type and bounds, so that the reader of a
/// configuration struct is a table of its fields. A member that is absent leaves the default as it is; null
/// is no value. Knows its path: whatever is wrong throws `config_error` with the path of the member.
class object_reader {
public:
    object_reader(boost::json::value const& from, std::string path);

    /// Neither empty nor longer than `bytes_max`, no control characters.
    void text(std::string_view key, std::string& out, std::size_t bytes_max = 1'024);
    void flag(std::string_view key, bool& out);
    template <std::integral T>
    void number(std::string_view key, T& out, std::type_identity_t<T> min, std::type_identity_t<T> max)
    {
        if (auto const* found = find(key)) out = static_cast<T>(whole(*found, key, as_u64(min), as_u64(max)));
    }
    /// A number of bytes, or a text with a unit: "64KiB".
    template <std::unsigned_integral T>
    void bytes(std::string_view key, T& out, std::uint64_t min, std::uint64_t max)
    {
        if (auto const* found = find(key)) out = static_cast<T>(size(*found, key, min, max));
    }
    /// A text with a unit: "10s". When `Duration` is seconds, whole ones.
    template <class Duration>
    void duration(
        std::string_view key,
        Duration& out,
        std::type_identity_t<Duration> min,
        std::type_identity_t<Duration> max)
    {
        if (auto const* found = find(key))
            out = std::chrono::duration_cast<Duration>(time(*found, key, min, max, Duration{1}));
    }
    template <class Choice>
    void choice(
        std::string_view key, Choice& out, std::initializer_list<std::pair<std::string_view, Choice>> names)
    {
        if (auto const* found = find(key)) out = read_choice(*found, path_of(key), names);
    }
    /// `read(object_reader&)` for an object; unknown keys in it are refused afterwards.
    template <class Read>
    void object(std::string_view key, Read read)
    {
        if (auto const* found = find(key)) read_object(*found, path_of(key), read);
    }
    /// `read(value, path)` for each element of an array. False: no such member.
    template <class Read>
    bool each(std::string_view key, Read read)
    {
        auto const* found = find(key);
        if (found) read_each(*found, path_of(key), read);
        return found != nullptr;
    }

    /// The member, or nullptr; from here on the key is known.
    [[nodiscard]] boost::json::value const* find(std::string_view key);
    /// The member is there and null, which only says something where a default can be switched off.
    [[nodiscard]] bool is_null(std::string_view key);
    [[nodiscard]] std::string path_of(std::string_view key) const { return json_path(path_, key); }
    [[noreturn]] void refuse(std::string_view key, std::string const& what) const
    {
        throw config_error(path_of(key), what);
    }

    /// Refuses what nobody asked for, and names the known key that is nearest.
    void refuse_unknown_keys() const;

    template <class Read>
    static void read_object(boost::json::value const& from, std::string path, Read read)
    {
        auto reader = object_reader(from, std::move(path));
        read(reader);
        reader.refuse_unknown_keys();
    }
    template <class Read>
    static void read_each(boost::json::value const& from, std::string const& path, Read read)
    {
        std::size_t index = 0;
        for (auto const& element : array(from, path))
            read(element, json_path(path, index++));
    }
    template <class Choice>
    [[nodiscard]] static Choice read_choice(
        boost::json::value const& from,
        std::string const& path,
        std::initializer_list<std::pair<std::string_view, Choice>> names)
    {
        auto const text = read_text(from, path, 1'024);
        std::string known;
        for (auto const& [name, choice] : names) {
            if (name == text) return choice;
            known.append(known.empty() ? "\"" : ", \"").append(name).append("\"");
        }
        throw config_error(path, "must be one of " + known);
    }
    [[nodiscard]] static std::string
    read_text(boost::json::value const& from, std::string const& path, std::size_t bytes_max);

private:
    template <std::integral T>
    static std::uint64_t as_u64(T n)
    {
        return static_cast<std::uint64_t>(n);
    }
    [[nodiscard]] std::uint64_t
    whole(boost::json::value const&, std::string_view key, std::uint64_t min, std::uint64_t max) const;
    [[nodiscard]] std::uint64_t
    size(boost::json::value const&, std::string_view key, std::uint64_t min, std::uint64_t max) const;
    [[nodiscard]] milliseconds time(
        boost::json::value const&,
        std::string_view key,
        milliseconds min,
        milliseconds max,
        milliseconds step) const;
    [[nodiscard]] static boost::json::array const&
    array(boost::json::value const& from, std::string const& path);

    boost::json::object const* object_;
    std::string path_;
    std::vector<std::string_view> known_;
};

} // namespace gateway
