#include "gateway/session/own_body.hpp"
#include "gateway/session/revoke_body.hpp"
#include "policy/token.hpp"
#include "tests/fuzz/keys.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/fuzz/targets.hpp"

#include <algorithm>

namespace fuzz {
namespace {

using namespace gateway::session;
using namespace std::chrono_literals;

void check(body_flaw const& flaw)
{
    auto const is_plain = [](char c) { return c >= 0x20 && c <= 0x7e && c != '"' && c != '\\'; };
    promise(
        !flaw.message.empty() && std::ranges::all_of(flaw.message, is_plain),
        "a flaw is told in plain words");
}

void check(mint_request const& wish)
{
    promise(wish.subject.size() <= policy::subject_bytes_max, "subjects have bounds");
    promise(!wish.lifetime || (*wish.lifetime >= 1s && *wish.lifetime <= 3600s), "lifetimes have bounds");
}

void check(app_word const& word)
{
    promise(
        !word.subject.empty() && word.subject.size() <= policy::subject_bytes_max, "subjects have bounds");
    promise(!word.lifetime || *word.lifetime >= 1s, "lifetimes have bounds");
    promise(!word.stream_max || *word.stream_max >= 1s, "streams have bounds");
}

void check(std::string const& code) { promise(!code.empty(), "a code is something"); }

void check(revoke_request const& wish)
{
    promise(!wish.what.id.empty() && wish.what.id.size() <= policy::subject_bytes_max, "ids have bounds");
    promise(wish.what.until > now, "a revocation lasts");
    promise(!wish.block || wish.what.what == policy::revoked_by::subject, "only users are blocked");
    auto const is_printable = [](char c) { return c >= 0x20 && c <= 0x7e; };
    promise(
        wish.reason.size() <= 200 && std::ranges::all_of(wish.reason, is_printable),
        "a reason is one short line");
}

} // namespace

void own_body(std::string_view bytes)
{
    if (bytes.empty()) return;
    auto const text = bytes.substr(1);
    auto const look = [](auto const& read) { std::visit([](auto const& one) { check(one); }, read); };
    if (bytes[0] == 'm') look(read_mint_request(text, 3600s));
    if (bytes[0] == 'a') look(read_app_word(text));
    if (bytes[0] == 'h') look(read_handoff_code(text));
    if (bytes[0] == 'r') look(read_revoke_request(text, now, {now + 1h, now + 1min}));
}

} // namespace fuzz
