#include "gateway/session/app_question.hpp"

#include "gateway/base/chars.hpp"
#include "policy/cookie.hpp"

#include <algorithm>

namespace gateway::session {

namespace {

void append_field(std::string& out, std::string_view name, std::string_view value)
{
    out.append(name).append(": ").append(value).append("\r\n");
}

/// A bearer token is the gateway's.
bool passes(wire::field const& f, authorize_config const& app)
{
    if (f.known == field_name::origin) return true;
    if (f.known == field_name::authorization && chars::is_same_word(f.value.substr(0, 6), "bearer"))
        return false;
    return std::ranges::any_of(
        app.headers, [&](std::string const& name) { return chars::is_same_word(f.name, name); });
}

} // namespace

certs::secret write_app_question(authorize_config const& app, asking const& who)
{
    certs::secret const cookies(policy::without_cookie(who.cookie_fields, who.own_cookie));
    auto const fields = who.head.fields.all();
    auto size = std::size_t{512} + app.url.target.size() + app.url.host.size() + cookies.reveal().size();
    for (auto const& f : fields)
        size += f.name.size() + f.value.size() + 4;

    std::string out;
    out.reserve(size); // growing would leave copies of the cookies behind
    out.append("POST ").append(app.url.target).append(" HTTP/1.1\r\n");
    append_field(out, "Host", app.url.authority());
    append_field(out, "Accept", "application/json");
    for (auto const& f : fields)
        if (passes(f, app)) append_field(out, f.name, f.value);
    if (!cookies.empty()) append_field(out, "Cookie", cookies.reveal());
    append_field(out, "X-Forwarded-For", who.client);
    append_field(out, "X-Forwarded-Host", who.head.host);
    append_field(out, "X-Forwarded-Proto", "https");
    append_field(out, "X-Request-Id", who.request_id);
    out.append("Content-Length: 0\r\nConnection: close\r\n\r\n");
    return certs::secret(std::move(out));
}

} // namespace gateway::session
