#include "gateway/revoke.hpp"

#include "gateway/session/revoke_body.hpp"

namespace gateway {

namespace {

std::string log_line(
    session::revoke_request const& done,
    watch::admin_request const& asked,
    std::chrono::system_clock::time_point at)
{
    watch::revocation_record record;
    record.at = at;
    record.client = asked.client;
    record.what = done.what.what;
    record.id = done.what.id;
    record.until = done.what.until;
    record.block = done.block;
    record.reason = done.reason;
    std::string line;
    append_line(line, record);
    return line;
}

} // namespace

watch::admin_answer revoker::revoke(
    watch::admin_request const& asked, config const& in_force, std::chrono::system_clock::time_point at)
{
    auto const now = std::chrono::floor<std::chrono::seconds>(at);
    auto const& tokens = in_force.tokens;
    // What an app has signed may say that it was issued a leeway from now.
    session::revoke_defaults const defaults{
        session::last_expiry(tokens, in_force.session, now), now + tokens.judge.leeway};
    auto const read = session::read_revoke_request(asked.body, now, defaults);
    if (auto const* const flaw = std::get_if<session::body_flaw>(&read)) return {400, flaw->message + "\n"};

    auto const& wanted = std::get<session::revoke_request>(read);
    into_.add(wanted.what, now);
    log_.write(log_line(wanted, asked, at), 1);
    return {200, "{\"until\":" + std::to_string(wanted.what.until.time_since_epoch().count()) + "}\n"};
}

} // namespace gateway
