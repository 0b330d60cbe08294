#include "policy/claims_reader.hpp"

#include <array>

namespace policy {
namespace {

constexpr std::array<std::string_view, 11> claim_names{
    "jti",
    "sid",
    "sub",
    "grants",
    "iat",
    "nbf",
    "exp",
    "iss",
    "stream_until",
    "session_until",
    "authorized_at"};

bool read_text(json_member const& member, std::size_t bytes_max, std::string& out) noexcept
{
    if (member.what != json_member::form::text || member.text.empty() || member.text.size() > bytes_max)
        return false;
    out = member.text;
    return true;
}

bool read_time(json_member const& member, seconds_since_epoch& out) noexcept
{
    if (member.what != json_member::form::integer) return false;
    if (member.integer < 0 || member.integer > claim_seconds_max) return false;
    out = seconds_since_epoch{std::chrono::seconds{member.integer}};
    return true;
}

} // namespace

std::optional<claim> read_claim(std::string_view name) noexcept
{
    for (std::size_t i = 0; i < claim_names.size(); ++i)
        if (claim_names[i] == name) return static_cast<claim>(i);
    return std::nullopt;
}

bool claims_reader::mark(claim c) noexcept
{
    if (has(c)) return false;
    seen_ |= 1U << static_cast<unsigned>(c);
    return true;
}

bool claims_reader::take_common(claim c, json_member const& member) noexcept
{
    switch (c) {
    case claim::jti:
        return read_text(member, id_bytes_max, read_.jti);
    case claim::sid:
        return read_text(member, id_bytes_max, read_.sid);
    case claim::sub:
        return read_text(member, subject_bytes_max, read_.sub);
    case claim::iat:
        return read_time(member, read_.issued_at);
    case claim::nbf:
        return read_time(member, read_.not_before);
    case claim::exp:
        return read_time(member, read_.expires_at);
    case claim::stream_until:
        return read_time(member, read_.stream_until.emplace());
    case claim::session_until:
        return read_time(member, read_.session_until.emplace());
    case claim::authorized_at:
        return read_time(member, read_.authorized_at.emplace());
    case claim::grants:
    case claim::iss:
        break;
    }
    return false;
}

bool claims_reader::add_grant(grant g) noexcept
{
    if (read_.grants.has(g)) return false;
    read_.grants.add(g);
    return true;
}

} // namespace policy
