#pragma once
#include <boost/json/memory_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/storage_ptr.hpp>

#include <cstddef>
#include <string>
#include <string_view>

/// What the readers of JWK Sets (RFC 7517) share. All throw `std::runtime_error` that names the entry.
namespace certs {

inline constexpr std::size_t keys_in_set_max = 16;

/// Memory that is overwritten when it is given back, for JSON that holds keys.
class wiping_resource final : public boost::json::memory_resource {
    void* do_allocate(std::size_t bytes, std::size_t alignment) override;
    void do_deallocate(void* memory, std::size_t bytes, std::size_t alignment) override;
    [[nodiscard]] bool do_is_equal(boost::json::memory_resource const& other) const noexcept override
    {
        return this == &other;
    }
};

[[noreturn]] void refuse_key(std::string const& where, std::string_view problem);

/// A JSON text of at most 64 KiB; `remedy` ends the message when it is none.
[[nodiscard]] boost::json::value
parse_key_json(std::string_view text, boost::json::storage_ptr const& memory, std::string_view remedy);

/// The entries of `keys`: 1 to 16.
[[nodiscard]] boost::json::array const& entries_of(boost::json::value const& set, std::string_view remedy);

[[nodiscard]] boost::json::object const& as_key(boost::json::value const& entry, std::string const& where);

/// A member that must be there and be a string.
[[nodiscard]] std::string_view
text_of(boost::json::object const& entry, std::string_view name, std::string const& where);

} // namespace certs
