#include "gateway/base/chars.hpp"
#include "gateway/relay/handshake.hpp"
#include "gateway/relay/heads.hpp"
#include "tests/fuzz/heads.hpp"
#include "tests/fuzz/targets.hpp"

#include <array>
#include <memory>
#include <set>

namespace fuzz {
namespace {

using namespace gateway::wire;
using gateway::relay::client_framing;

constexpr std::string_view key = "dGhlIHNhbXBsZSBub25jZQ=="; // of RFC 6455 §1.3
constexpr std::string_view accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
constexpr std::string_view protocols = "a, b";

std::string lower(std::string text)
{
    for (auto& c : text)
        c = gateway::chars::lower(c);
    return text;
}

std::vector<std::string> values(simple::head const& of, std::string_view name)
{
    std::vector<std::string> out;
    for (auto const& [field, value] : of.fields)
        if (lower(field) == name) out.push_back(value);
    return out;
}

/// What the upstream says of its own connection, in lower case (RFC 9110 §7.6.1).
std::set<std::string> named_in_connection(simple::head const& of)
{
    std::set<std::string> out;
    for (auto const& value : values(of, "connection")) {
        std::string name;
        for (char const c : value + ",") {
            if (c != ',') {
                if (c != ' ' && c != '\t') name += c;
                continue;
            }
            out.insert(lower(name));
            name.clear();
        }
    }
    return out;
}

bool has_field(simple::head const& in, std::string const& name, std::string const& value)
{
    return std::ranges::find(in.fields, std::pair(name, value)) != in.fields.end();
}

/// Nothing of a head goes to the client that belongs to the connection behind it, whatever the head says.
void check_fields(simple::head const& sent, simple::head const& from, std::set<std::string> const& ours)
{
    static std::set<std::string> const never{
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "set-cookie",
        "set-cookie2",
        "content-length",
        "via",
        "sec-websocket-extensions",
        "strict-transport-security",
        "x-voicegate"};
    auto const hidden = named_in_connection(from);
    for (auto const& [field, value] : sent.fields) {
        auto const name = lower(field);
        if (ours.contains(name)) continue;
        promise(!never.contains(name), "no field of the upstream's connection passes");
        promise(!name.starts_with("access-control-"), "who may read is the gateway's word");
        promise(!hidden.contains(name), "what the upstream's Connection names does not pass");
        promise(has_field(from, field, value), "no field passes that the upstream did not send");
    }
}

/// `out` is one head of this gateway's and nothing else.
simple::head read_back(std::string const& out)
{
    auto limits = response_limits(out.size() + 1);
    auto const again = simple::read_response(out, limits, false);
    promise(
        again.state == head_state::complete && again.bytes == out.size(),
        "what is written is one response head");
    return again.what;
}

void check_answer(response_head const& head, simple::head const& from, client_framing body)
{
    gateway::relay::outgoing_response with;
    with.body = body;
    with.keep_alive = head.keep_alive;
    with.request_id = "id-of-ours";
    with.hsts_max_age = std::chrono::seconds{60};
    with.set_cookie = "c=of-ours";
    std::string out;
    append_response_head(out, head, with);
    auto const sent = read_back(out);
    check_fields(
        sent,
        from,
        {"via",
         "strict-transport-security",
         "set-cookie",
         "x-request-id",
         "content-length",
         "transfer-encoding",
         "connection"});
    promise(sent.status == head.status, "the status passes");
    promise(
        values(sent, "set-cookie") == std::vector<std::string>{"c=of-ours"},
        "the only cookie is the gateway's");
    promise(values(sent, "x-request-id").size() >= 1, "there is a request id");
    auto const framings = values(sent, "content-length").size() + values(sent, "transfer-encoding").size();
    promise(
        framings == (body == client_framing::none ? framings % 2 : 1), "one framing, where there is a body");
    if (body == client_framing::none) return;
    promise((sent.body == framing::chunked) == (body == client_framing::chunked), "a body in chunks says so");
    promise(
        body == client_framing::chunked || sent.content_length == head.content_length,
        "a length passes as it is");
    promise(sent.keep_alive == head.keep_alive, "what may be used again says so");
}

void check_informational(response_head const& head, simple::head const& from)
{
    std::string out;
    gateway::relay::append_informational(out, head);
    check_fields(read_back(out), from, {});
}

/// Switches only for the answer to the handshake that was sent (RFC 6455 §4.1), and passes it without its
/// connection.
void check_switch(response_head const& head, simple::head const& from)
{
    auto const good = gateway::relay::is_switch_we_asked_for(head, key, protocols);
    auto const upgrades = values(from, "upgrade");
    auto const chosen = values(from, "sec-websocket-protocol");
    auto const wanted =
        from.minor_version == 1 && upgrades.size() == 1 && lower(upgrades[0]) == "websocket" &&
        named_in_connection(from).contains("upgrade") &&
        values(from, "sec-websocket-accept") == std::vector<std::string>{std::string(accept)} &&
        values(from, "sec-websocket-extensions").empty() &&
        (chosen.empty() || (chosen.size() == 1 && (chosen[0] == "a" || chosen[0] == "b")));
    promise(good == wanted, "only the answer to our handshake switches");
    promise(!gateway::relay::is_switch_we_asked_for(head, {}, protocols), "no handshake, no switch");
    if (!good) return;

    std::string out;
    gateway::relay::append_switching(out, head, "id-of-ours", std::chrono::seconds{60});
    check_fields(
        read_back(out), from, {"via", "strict-transport-security", "x-request-id", "connection", "upgrade"});
    out.clear();
    gateway::relay::append_handed_over(out, head, "accept-of-ours", "id-of-ours", std::chrono::seconds{60});
    auto const sent = read_back(out);
    promise(
        values(sent, "sec-websocket-accept") == std::vector<std::string>{"accept-of-ours"},
        "a held socket answers the client's own key");
    promise(values(sent, "x-request-id") == std::vector<std::string>{"id-of-ours"}, "and this request's id");
    check_fields(
        sent,
        from,
        {"via",
         "strict-transport-security",
         "x-request-id",
         "connection",
         "upgrade",
         "sec-websocket-accept"});
}

void check_what_passes(response_head const& head, simple::head const& from)
{
    if (head.status == 101) return check_switch(head, from);
    if (head.status < 200) return check_informational(head, from);
    auto const in_chunks = head.body == framing::chunked || head.body == framing::until_close;
    check_answer(
        head,
        from,
        in_chunks                      ? client_framing::chunked
        : head.body == framing::length ? client_framing::length
                                       : client_framing::none);
}

void check(std::string const& text, head_limits const& limits, bool to_head_request)
{
    auto const wanted = simple::read_response(text, limits, to_head_request);
    auto const head = std::make_unique<response_head>();
    for (unsigned way = 0; way < ways_of_cutting; ++way)
        read_in_pieces(
            text,
            way,
            [&](auto bytes, auto& scanned) {
                return read_response_head(bytes, limits, to_head_request, scanned, *head);
            },
            [&](head_result const& got) {
                promise(
                    plain(got, *head) == wanted, "both readers see the same response head, for every split");
                if (got.state == head_state::complete) check_what_passes(*head, wanted.what);
            });
}

} // namespace

void response(std::string_view bytes)
{
    auto const text = std::string(bytes);
    check(text, response_limits(16 * 1024), false);
    check(text, response_limits(16 * 1024), true);
    check(text, tight_limits, false);
}

} // namespace fuzz
