#include "gateway/session/revoke_body.hpp"

#include "gateway/base/strict_json.hpp"
#include "policy/token.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <array>

namespace gateway::session {

namespace json = boost::json;

namespace {

constexpr std::size_t reason_bytes_max = 200;
/// The year 9999. Milliseconds, which other clocks count, lie beyond.
constexpr std::int64_t until_max = 253'402'300'799;

json::value const* present(json::object const& in, std::string_view key)
{
    auto const* found = in.if_contains({key.data(), key.size()});
    return found && !found->is_null() ? found : nullptr;
}

bool is_known(std::string_view key)
{
    constexpr std::array known{"jti", "sid", "sub", "until", "reason", "block"};
    return std::ranges::find(known, key) != known.end();
}

std::string read_id(json::object const& body, revocation& out)
{
    auto given = 0;
    for (auto what : policy::all_revoked_by) {
        auto const key = std::string(name(what));
        auto const* found = present(body, key);
        if (!found) continue;
        ++given;
        auto const bytes_max =
            what == policy::revoked_by::subject ? policy::subject_bytes_max : policy::id_bytes_max;
        auto const* text = found->if_string();
        if (!text || text->empty() || text->size() > bytes_max)
            return key + " must be a text of 1 to " + std::to_string(bytes_max) + " bytes.";
        out.what = what;
        out.id.assign(text->data(), text->size());
    }
    return given == 1 ? std::string{} : "Name exactly one of jti, sid and sub.";
}

std::string read_until(json::object const& body, policy::seconds_since_epoch now, revocation& out)
{
    auto const* found = present(body, "until");
    if (!found) return {};
    auto const* number = found->if_int64();
    if (!number || *number <= now.time_since_epoch().count() || *number > until_max)
        return "until must be a time to come, in whole seconds since 1970.";
    out.until = policy::seconds_since_epoch(std::chrono::seconds(*number));
    return {};
}

std::string read_block(json::object const& body, revoke_request& out)
{
    auto const* found = present(body, "block");
    if (!found) return {};
    if (!found->is_bool()) return "block must be true or false.";
    out.block = found->get_bool();
    if (out.block && out.what.what != policy::revoked_by::subject)
        return "block goes with sub alone: what has this jti or sid is refused in any case.";
    return {};
}

std::string read_reason(json::object const& body, std::string& out)
{
    auto const* found = present(body, "reason");
    if (!found) return {};
    auto const* text = found->if_string();
    auto const is_printable = [](char c) { return c >= 0x20 && c <= 0x7e; };
    if (!text || text->size() > reason_bytes_max || !std::ranges::all_of(*text, is_printable))
        return "reason must be a text of at most " + std::to_string(reason_bytes_max) +
               " printable ASCII characters.";
    out.assign(text->data(), text->size());
    return {};
}

} // namespace

std::variant<revoke_request, body_flaw>
read_revoke_request(std::string_view body, policy::seconds_since_epoch now, revoke_defaults const& defaults)
{
    auto const text = read_json(body, json_dialect::exact);
    if (!text.value) return body_flaw{"The body is not well-formed JSON, or has a key twice."};
    auto const* object = text.value->if_object();
    if (!object) return body_flaw{"The body must be a JSON object."};
    for (auto const& member : *object)
        if (!is_known({member.key().data(), member.key().size()}))
            return body_flaw{"The body may have jti, sid, sub, until, reason and block, and nothing else."};

    revoke_request out;
    out.what.until = defaults.until;
    for (auto flaw :
         {read_id(*object, out.what),
          read_until(*object, now, out.what),
          read_block(*object, out),
          read_reason(*object, out.reason)})
        if (!flaw.empty()) return body_flaw{std::move(flaw)};
    if (out.what.what == policy::revoked_by::subject && !out.block)
        out.what.issued_until = defaults.issued_until;
    return out;
}

} // namespace gateway::session
