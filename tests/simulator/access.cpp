#include "tests/simulator/access.hpp"

#include "tests/simulator/text.hpp"

namespace simulator {
namespace {

/// Empty when there is none.
std::string find_credential(request_head const& head)
{
    query const asked{head.target};
    if (head.upgrade)
        if (auto const token = asked.find("access_token")) return std::string{*token};
    auto const authorization = head.get("authorization");
    constexpr std::string_view scheme = "bearer ";
    if (same(authorization.substr(0, scheme.size()), scheme))
        return std::string{trimmed(authorization.substr(scheme.size()))};
    if (auto const key = head.find("x-api-key")) return std::string{*key};
    if (head.upgrade) return std::string{asked.get("api_key")};
    return {};
}

bool granted(grants const& may, need what)
{
    switch (what) {
    case need::nothing:
    case need::any_credential:
        return true;
    case need::tts:
        return may.tts;
    case need::stt:
        return may.stt;
    case need::agent:
        return may.agent;
    case need::api_key:
    case need::admin_key:
        break;
    }
    return false;
}

} // namespace

std::variant<caller, problem>
admit(keyring const& keys, request_head const& head, need what, std::int64_t now)
{
    if (what == need::nothing) return caller{};
    auto const credential = find_credential(head);
    if (credential.empty()) return unauthorized("no credential was given");

    bool const wants_admin = what == need::admin_key;
    if (credential == keys.api_key) {
        if (wants_admin) return forbidden("this route needs an admin API key");
        return caller{};
    }
    if (credential == admin_api_key) {
        if (!wants_admin) return forbidden("an admin API key works on management routes only");
        return caller{};
    }
    auto const rights = keys.tokens.read(credential, now);
    if (!rights) return unauthorized("the credential is not valid");
    if (what == need::api_key || wants_admin) return forbidden("this route needs an API key");
    if (!granted(rights->may, what)) return forbidden("the access token does not grant this");
    return caller{.token = true, .rights = *rights};
}

std::string cartesia_version(request_head const& head)
{
    query const asked{head.target};
    if (auto const version = asked.find("cartesia_version"); head.upgrade && version)
        return std::string{*version};
    return std::string{head.get("cartesia-version")};
}

} // namespace simulator
