#include "gateway/session/own_body.hpp"

#include "gateway/base/strict_json.hpp"
#include "policy/token.hpp"

#include <boost/json/object.hpp>

#include <algorithm>

namespace gateway::session {

namespace json = boost::json;

namespace {

json::value const* present(json::object const& in, std::string_view key)
{
    auto const* found = in.if_contains({key.data(), key.size()});
    return found && !found->is_null() ? found : nullptr;
}

/// Empty when all is well.
std::string read_grants(json::object const& body, policy::grant_set& out)
{
    auto const* found = present(body, "grants");
    if (!found) return {};
    auto const* grants = found->if_object();
    if (!grants) return "grants must be an object such as tts: true, stt: false.";
    for (auto g : policy::all_grants) {
        auto const* wanted = present(*grants, policy::name(g));
        if (!wanted) continue;
        if (!wanted->is_bool()) return "grants." + std::string(policy::name(g)) + " must be true or false.";
        if (wanted->get_bool()) out.add(g);
    }
    return {};
}

std::string
read_lifetime(json::object const& body, std::chrono::seconds most, std::optional<std::chrono::seconds>& out)
{
    auto const* found = present(body, "expires_in");
    if (!found) return {};
    auto const* number = found->if_int64();
    if (!number || *number < 1 || *number > most.count())
        return "expires_in must be an integer from 1 to " + std::to_string(most.count()) + ", in seconds.";
    out = std::chrono::seconds(*number);
    return {};
}

std::string
read_seconds(json::object const& body, std::string_view key, std::optional<std::chrono::seconds>& out)
{
    auto const* found = present(body, key);
    if (!found) return {};
    auto const* number = found->if_int64();
    if (!number || *number < 1) return std::string(key) + " must be an integer from 1 on, in seconds.";
    out = std::chrono::seconds(*number);
    return {};
}

std::string read_subject(json::object const& body, std::string& out)
{
    auto const* found = present(body, "subject");
    if (!found) return {};
    auto const* text = found->if_string();
    auto const is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    if (!text || text->size() > policy::subject_bytes_max || std::ranges::any_of(*text, is_control))
        return "subject must be a text of at most " + std::to_string(policy::subject_bytes_max) +
               " bytes without control characters.";
    out.assign(text->data(), text->size());
    return {};
}

/// Limits are not enforced yet.
std::string read_limits(json::object const& body)
{
    auto const* found = present(body, "limits");
    if (!found) return {};
    auto const* limits = found->if_object();
    if (limits && limits->empty()) return {};
    return "limits is not understood by this version; leave it out.";
}

std::string read_app_members(json::object const& body, app_word& out)
{
    if (!present(body, "grants")) return "grants must be given, an object such as tts: true, stt: false.";
    if (auto flaw = read_grants(body, out.grants); !flaw.empty()) return flaw;
    if (auto flaw = read_subject(body, out.subject); !flaw.empty()) return flaw;
    if (out.subject.empty()) return "subject must be given: whom the session is for.";
    if (auto flaw = read_seconds(body, "expires_in", out.lifetime); !flaw.empty()) return flaw;
    if (auto flaw = read_seconds(body, "stream_max", out.stream_max); !flaw.empty()) return flaw;
    return read_limits(body);
}

std::string read_handoff(json::object const& body, bool& out)
{
    auto const* found = present(body, "handoff");
    if (!found) return {};
    if (!found->is_bool()) return "handoff must be true or false.";
    out = found->get_bool();
    return {};
}

/// Empty when there is none.
std::string_view field_of_form(std::string_view form, std::string_view name)
{
    while (!form.empty()) {
        auto const field = form.substr(0, form.find('&'));
        if (field.size() > name.size() && field.starts_with(name) && field[name.size()] == '=')
            return field.substr(name.size() + 1);
        form.remove_prefix(std::min(form.size(), field.size() + 1));
    }
    return {};
}

} // namespace

std::variant<mint_request, body_flaw>
read_mint_request(std::string_view body, std::chrono::seconds lifetime_max)
{
    mint_request out;
    if (body.empty()) return out;
    auto const text = read_json(body, json_dialect::exact);
    if (!text.value) return body_flaw{"The body is not well-formed JSON, or has a key twice."};
    auto const* object = text.value->if_object();
    if (!object) return body_flaw{"The body must be a JSON object."};
    if (auto flaw = read_grants(*object, out.grants); !flaw.empty()) return body_flaw{std::move(flaw)};
    if (auto flaw = read_lifetime(*object, lifetime_max, out.lifetime); !flaw.empty())
        return body_flaw{std::move(flaw)};
    if (auto flaw = read_subject(*object, out.subject); !flaw.empty()) return body_flaw{std::move(flaw)};
    if (auto flaw = read_handoff(*object, out.handoff); !flaw.empty()) return body_flaw{std::move(flaw)};
    return out;
}

std::variant<app_word, body_flaw> read_app_word(std::string_view body)
{
    auto const text = read_json(body, json_dialect::exact);
    auto const* object = text.value ? text.value->if_object() : nullptr;
    if (!object) return body_flaw{"The body is no well-formed JSON object, or has a key twice."};
    app_word out;
    if (auto flaw = read_app_members(*object, out); !flaw.empty()) return body_flaw{std::move(flaw)};
    return out;
}

std::variant<std::string, body_flaw> read_handoff_code(std::string_view body)
{
    std::string code(field_of_form(body, "code"));
    if (body.starts_with('{')) {
        auto const text = read_json(body, json_dialect::exact);
        auto const* object = text.value ? text.value->if_object() : nullptr;
        auto const* found = object ? present(*object, "code") : nullptr;
        auto const* given = found ? found->if_string() : nullptr;
        code = given ? std::string(given->data(), given->size()) : std::string();
    }
    if (code.empty())
        return body_flaw{"The body must be a JSON object with the hand-off code in code, or a form with it."};
    return code;
}

} // namespace gateway::session
