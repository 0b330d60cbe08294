#include "policy/json_members.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <array>
#include <cstring>

namespace policy {
namespace {

namespace json = boost::json;
using json::error_code;

constexpr std::size_t depth_max = 8;
constexpr std::size_t name_bytes_max = 64;

/// What Boost.JSON's parser calls for each token that it reads. It hands most strings over in one piece,
/// which is told as it stands; only a string with escapes comes in parts and is put together first.
class handler {
public:
    static constexpr std::size_t max_object_size = json_bytes_max;
    static constexpr std::size_t max_array_size = json_bytes_max;
    static constexpr std::size_t max_key_size = name_bytes_max;
    static constexpr std::size_t max_string_size = json_bytes_max;

    explicit handler(json_member_sink& sink) noexcept : sink_(&sink) {}

    bool on_document_begin(error_code&) noexcept { return true; }
    bool on_document_end(error_code&) noexcept { return true; }
    bool on_object_begin(error_code& ec) noexcept { return open({.what = json_member::form::object}, ec); }
    bool on_array_begin(error_code& ec) noexcept
    {
        return depth_ == 0 ? refuse(ec) : open({.what = json_member::form::array}, ec);
    }
    bool on_object_end(std::size_t, error_code&) noexcept { return close(); }
    bool on_array_end(std::size_t, error_code&) noexcept { return close(); }

    bool on_key_part(std::string_view part, std::size_t, error_code&) noexcept { return collect(part); }
    bool on_key(std::string_view part, std::size_t, error_code&) noexcept
    {
        auto const whole = put_together(part);
        if (depth_ > 2) return true;
        auto& name = names_[depth_ - 1];
        std::memcpy(name.bytes.data(), whole.data(), whole.size());
        name.size = whole.size();
        return true;
    }

    bool on_string_part(std::string_view part, std::size_t, error_code&) noexcept { return collect(part); }
    bool on_string(std::string_view part, std::size_t, error_code& ec) noexcept
    {
        return tell({.what = json_member::form::text, .text = put_together(part)}, ec);
    }
    bool on_number_part(std::string_view, error_code&) noexcept { return true; }
    bool on_int64(std::int64_t value, std::string_view, error_code& ec) noexcept
    {
        return tell({.what = json_member::form::integer, .integer = value}, ec);
    }
    // Above what an int64 holds, or not whole: no claim of ours is either.
    bool on_uint64(std::uint64_t, std::string_view, error_code& ec) noexcept { return tell({}, ec); }
    bool on_double(double, std::string_view, error_code& ec) noexcept { return tell({}, ec); }
    bool on_bool(bool value, error_code& ec) noexcept
    {
        return tell({.what = json_member::form::boolean, .flag = value}, ec);
    }
    bool on_null(error_code& ec) noexcept { return tell({}, ec); }
    bool on_comment_part(std::string_view, error_code&) noexcept { return true; }
    bool on_comment(std::string_view, error_code&) noexcept { return true; }

private:
    struct kept_name {
        std::array<char, name_bytes_max> bytes;
        std::size_t size = 0;
        [[nodiscard]] std::string_view view() const noexcept { return {bytes.data(), size}; }
    };

    static bool refuse(error_code& ec) noexcept
    {
        ec = json::error::syntax;
        return false;
    }

    bool tell(json_member member, error_code& ec) noexcept
    {
        if (depth_ == 0) return refuse(ec);
        if (depth_ > 2) return true;
        member.name = names_[0].view();
        if (depth_ == 2) member.inner = names_[1].view();
        member.depth = depth_;
        return sink_->take(member) || refuse(ec);
    }

    bool open(json_member const& member, error_code& ec) noexcept
    {
        if (depth_ > 0 && !tell(member, ec)) return false;
        if (++depth_ == 2) names_[1].size = 0;
        return true;
    }

    bool close() noexcept
    {
        --depth_;
        return true;
    }

    bool collect(std::string_view part) noexcept
    {
        std::memcpy(parts_.data() + parts_size_, part.data(), part.size());
        parts_size_ += part.size();
        return true;
    }

    std::string_view put_together(std::string_view last) noexcept
    {
        if (parts_size_ == 0) return last;
        collect(last);
        auto const size = parts_size_;
        parts_size_ = 0;
        return {parts_.data(), size};
    }

    json_member_sink* sink_;
    unsigned depth_ = 0;
    std::array<kept_name, 2> names_;
    std::size_t parts_size_ = 0;
    std::array<char, json_bytes_max> parts_; // unescaping never lengthens, so a text within bounds fits
};

} // namespace

bool read_json_members(std::string_view text, json_member_sink& sink) noexcept
{
    if (text.size() > json_bytes_max) return false;
    json::parse_options strict;
    strict.max_depth = depth_max;
    json::basic_parser<handler> parser(strict, sink);
    error_code ec;
    auto const used = parser.write_some(false, text.data(), text.size(), ec);
    return !ec && used == text.size();
}

} // namespace policy
