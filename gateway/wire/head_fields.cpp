#include "gateway/wire/head_fields.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace gateway::wire {
namespace {

bool same_ignoring_case(std::string_view a, std::string_view b) noexcept
{
    return std::ranges::equal(a, b, {}, chars::lower, chars::lower);
}

/// 1 to 19 digits, below 2^63: beyond that some peers read a negative number.
std::optional<std::uint64_t> read_length(std::string_view text) noexcept
{
    if (text.size() > 19 || !chars::all(chars::kind::digit, text)) return std::nullopt;
    std::uint64_t length = 0;
    std::from_chars(text.data(), text.data() + text.size(), length);
    if (length > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) return std::nullopt;
    return length;
}

} // namespace

bool field_list::push(field const& f) noexcept
{
    if (count_ == fields_.size()) return false;
    fields_[count_++] = f;
    auto const row = static_cast<std::size_t>(f.known);
    if (first_[row] == 0)
        first_[row] = static_cast<std::uint8_t>(count_);
    else
        repeated_[row] = true;
    return true;
}

void field_list::clear() noexcept
{
    count_ = 0;
    first_.fill(0);
    repeated_.fill(false);
}

field const* field_list::find(field_name known) const noexcept
{
    auto const index = first_[static_cast<std::size_t>(known)];
    return index == 0 ? nullptr : &fields_[index - 1U];
}

std::optional<std::string_view> field_list::only(field_name known) const noexcept
{
    auto const* const first = find(known);
    if (first == nullptr || repeats(known)) return std::nullopt;
    return first->value;
}

bool field_list::repeats(field_name known) const noexcept
{
    return repeated_[static_cast<std::size_t>(known)];
}

bool field_list::named_in_connection(std::string_view name) const noexcept
{
    if (!has_connection()) return false;
    bool named = false;
    for (auto const& f : all())
        if (f.known == field_name::connection)
            detail::each_element(f.value, [&](std::string_view option) {
                named = named || same_ignoring_case(option, name);
                return !named;
            });
    return named;
}

namespace detail {

std::optional<connection_options> read_connection(field_list const& fields) noexcept
{
    connection_options found;
    bool well_formed = true;
    if (!fields.has_connection()) return found;
    for (auto const& f : fields.all())
        if (f.known == field_name::connection)
            each_element(f.value, [&](std::string_view option) {
                if (chars::is_same_word(option, "close")) found.close = true;
                if (chars::is_same_word(option, "upgrade")) found.upgrade = true;
                well_formed = well_formed && chars::all(chars::kind::token, option);
                return well_formed;
            });
    if (!well_formed) return std::nullopt;
    return found;
}

std::optional<body_framing>
read_framing(field_list const& fields, unsigned minor_version, framing otherwise) noexcept
{
    bool const has_length = fields.find(field_name::content_length) != nullptr;
    if (fields.find(field_name::transfer_encoding) != nullptr) {
        // No Transfer-Encoding in HTTP/1.0 (RFC 9112 §6.1), none beside Content-Length, no coding but
        // chunked.
        auto const coding = fields.only(field_name::transfer_encoding);
        bool const understood = coding && chars::is_same_word(*coding, "chunked");
        if (!understood || has_length || minor_version == 0) return std::nullopt;
        return body_framing{framing::chunked, 0};
    }
    if (!has_length) return body_framing{otherwise, 0};
    auto const text = fields.only(field_name::content_length);
    auto const length = text ? read_length(*text) : std::nullopt;
    if (!length) return std::nullopt;
    return body_framing{framing::length, *length};
}

} // namespace detail
} // namespace gateway::wire
