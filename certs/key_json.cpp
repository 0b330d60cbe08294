#include "certs/key_json.hpp"

#include "certs/secret.hpp"

#include <boost/json.hpp>

#include <new>
#include <stdexcept>

namespace json = boost::json;

namespace certs {
namespace {

constexpr std::size_t text_bytes_max = 1U << 16U;

}

// Boost.JSON 1.81 gives the key of an unfinished member back with another alignment than it asked for, so all memory has
// that of the plain operator, which is enough for everything in a JSON value.
void* wiping_resource::do_allocate(std::size_t bytes, std::size_t) { return ::operator new (bytes); }

void wiping_resource::do_deallocate(void* memory, std::size_t bytes, std::size_t)
{
    wipe({static_cast<char*>(memory), bytes});
    ::operator delete (memory);
}

void refuse_key(std::string const& where, std::string_view problem)
{
    throw std::runtime_error("key set: " + where + ": " + std::string(problem));
}

json::value parse_key_json(std::string_view text, json::storage_ptr const& memory, std::string_view remedy)
{
    if (text.size() > text_bytes_max) refuse_key("file", "over 64 KiB; a key set has at most 16 keys");
    json::parser parser{memory}; // its scratch space, too, holds key bytes
    parser.reset(memory);
    json::error_code ec;
    parser.write({text.data(), text.size()}, ec);
    if (ec) refuse_key("file", "is not JSON (" + ec.message() + "); " + std::string(remedy));
    return parser.release();
}

json::array const& entries_of(json::value const& set, std::string_view remedy)
{
    auto const* object = set.if_object();
    auto const* member = object != nullptr ? object->if_contains("keys") : nullptr;
    auto const* entries = member != nullptr ? member->if_array() : nullptr;
    if (entries == nullptr) refuse_key("keys", "must be an array (RFC 7517 §5); " + std::string(remedy));
    if (entries->empty()) refuse_key("keys", "is empty; " + std::string(remedy));
    if (entries->size() > keys_in_set_max)
        refuse_key("keys", "has over 16 entries; remove the last, oldest ones");
    return *entries;
}

json::object const& as_key(json::value const& entry, std::string const& where)
{
    auto const* object = entry.if_object();
    if (object == nullptr) refuse_key(where, "must be an object (RFC 7517 §4)");
    return *object;
}

std::string_view text_of(json::object const& entry, std::string_view name, std::string const& where)
{
    auto const* member = entry.if_contains({name.data(), name.size()});
    auto const* text = member != nullptr ? member->if_string() : nullptr;
    if (text == nullptr)
        refuse_key(where + "." + std::string(name), "must be there and be a string (RFC 7517 §4)");
    return {text->data(), text->size()};
}

} // namespace certs
