#include "gateway/session/outcome.hpp"

#include <utility>

namespace gateway::session {

bool is_failed_authentication(outcome const& of) noexcept
{
    if (auto const* const why = std::get_if<policy::denial>(&of.reply)) return is_failed_authentication(*why);
    auto const* const why = std::get_if<fault>(&of.reply);
    return why && gateway::is_failed_authentication(*why);
}

outcome refused(policy::denial why)
{
    outcome out;
    out.reply = why;
    return out;
}

outcome refused(fault why, std::string message)
{
    outcome out;
    out.reply = why;
    out.message = std::move(message);
    return out;
}

outcome asks_app(question about)
{
    outcome out;
    if (about.session) out.who = about.session->about.sub;
    out.reply = std::move(about);
    return out;
}

/// `Path=/` and no `Domain` are what `__Host-` demands (RFC 6265bis §4.1.3.2).
std::string session_cookie(std::string const& name, std::string_view value, std::int64_t max_age)
{
    return std::string(name).append("=").append(value).append(
        "; HttpOnly; Secure; SameSite=Strict; Path=/; Max-Age=" + std::to_string(max_age));
}

} // namespace gateway::session
