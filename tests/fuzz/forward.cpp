#include "gateway/base/chars.hpp"
#include "gateway/edge/admit.hpp"
#include "gateway/relay/heads.hpp"
#include "tests/fuzz/heads.hpp"
#include "tests/fuzz/keys.hpp"
#include "tests/fuzz/targets.hpp"

#include <memory>
#include <set>

namespace fuzz {
namespace {

using namespace gateway::wire;

constexpr std::string_view upstream_host = "api.of-the-upstream.example";
constexpr std::string_view credential = "the-credential-of-the-gateway";

std::string lower(std::string text)
{
    for (auto& c : text)
        c = gateway::chars::lower(c);
    return text;
}

std::size_t count(simple::head const& in, std::string_view name)
{
    auto const is_it = [&](auto const& f) { return lower(f.first) == name; };
    return static_cast<std::size_t>(std::ranges::count_if(in.fields, is_it));
}

std::string only(simple::head const& in, std::string_view name)
{
    promise(count(in, name) == 1, "a field of the gateway's own goes up exactly once");
    auto const is_it = [&](auto const& f) { return lower(f.first) == name; };
    return std::ranges::find_if(in.fields, is_it)->second;
}

/// Of what a client sent, only what is the server's business goes up.
void check_fields(simple::head const& up, simple::head const& from)
{
    static std::set<std::string> const never{
        "cookie",
        "cookie2",
        "x-api-key",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "proxy-authenticate",
        "te",
        "trailer",
        "forwarded",
        "x-real-ip",
        "x-http-method",
        "x-method-override",
        "remote-user",
        "sec-websocket-extensions",
        "true-client-ip",
        "x-voicegate",
        "x-voicegate-refresh",
        "access-control-request-method"};
    static std::set<std::string> const ours{
        "host",
        "authorization",
        "x-request-id",
        "x-forwarded-for",
        "x-forwarded-proto",
        "via",
        "connection",
        "upgrade",
        "content-length",
        "transfer-encoding",
        "expect"};
    for (auto const& [field, value] : up.fields) {
        auto const name = lower(field);
        promise(!never.contains(name), "no credential, identity or connection of the client's goes up");
        promise(name.find_first_of("_.") == std::string::npos, "no name goes up that has a twin");
        promise(
            !name.starts_with("x-original-") && !name.starts_with("x-auth"), "no claim of identity goes up");
        if (ours.contains(name)) continue;
        promise(
            std::ranges::find(from.fields, std::pair(field, value)) != from.fields.end(),
            "no field goes up that the client did not send");
    }
    promise(
        only(up, "authorization") == "Bearer " + std::string(credential),
        "the one credential is the gateway's");
    promise(only(up, "host") == upstream_host, "the upstream hears its own name");
    promise(only(up, "x-request-id") == "id-of-ours", "the request id is the gateway's");
    promise(
        only(up, "x-forwarded-for") == "192.0.2.7" && only(up, "x-forwarded-proto") == "https",
        "who asks is known");
    promise(only(up, "via") == "1.1 voicegate", "Via is the gateway's");
    promise(
        count(up, "x-forwarded-host") == 0 && count(up, "x-forwarded-prefix") == 0,
        "no other forwarding claims");
}

/// The framing is what was read, written once.
void check_framing(simple::head const& up, simple::head const& from)
{
    auto const framings = count(up, "content-length") + count(up, "transfer-encoding");
    promise(framings == (from.body == framing::none ? 0 : 1), "one Content-Length or Transfer-Encoding");
    promise(
        up.body == from.body && up.content_length == from.content_length,
        "the framing is that which was read");
    promise(up.expects_continue == from.expects_continue, "an expectation is that which was read");
    promise(
        up.websocket == from.websocket && up.websocket_key == from.websocket_key, "a handshake stays one");
    promise(count(up, "connection") == (from.websocket ? 1 : 0), "Connection is the gateway's");
    promise(count(up, "upgrade") == (from.websocket ? 1 : 0), "Upgrade is the gateway's");
}

void check_forwarded(policy::admission const& permit, request_head const& head)
{
    auto const out = gateway::relay::write_request_head(
        permit, head, {upstream_host, credential, "id-of-ours", "192.0.2.7"});
    auto const again =
        simple::read_request(out, {.bytes_max = out.size() + 1, .fields_max = fields_capacity});
    promise(
        again.state == head_state::complete && again.bytes == out.size(), "what goes up is one request head");
    auto const from = plain(head);
    auto const path = std::string(permit.where_to().path);
    promise(again.what.method == from.method, "the method is that which was judged");
    promise(
        again.what.target.substr(0, again.what.target.find('?')) == path,
        "the path is that which was judged");
    promise(from.target.substr(0, from.target.find('?')) == path, "and that which came");
    check_fields(again.what, from);
    check_framing(again.what, from);
}

policy::judge_settings settings()
{
    policy::judge_settings out;
    out.accepts_cartesia = false; // anybody can write one; the upstream verifies it
    out.accepts_query_token = true;
    out.origins = {"https://page.example"};
    return out;
}

} // namespace

/// `@@TOK@@` stands for a good token, `@@AUTH@@` for the field with it.
void forward(std::string_view bytes)
{
    static auto const rules = settings();
    static policy::route_table const routes;
    static policy::judge const judge(rules, routes, cipher());
    static policy::revocation_list const revoked(16, {});

    auto text = replaced(std::string(bytes), "@@AUTH@@", "Authorization: Bearer @@TOK@@\r\n");
    text = replaced(std::move(text), "@@TOK@@", good_token());
    auto const head = std::make_unique<request_head>();
    std::size_t scanned = 0;
    if (read_request_head(text, {}, scanned, *head).state != head_state::complete) return;
    gateway::edge::judged_facts const facts(*head);
    if (facts.ambiguity()) return;
    auto const permit = judge.decide(facts.request(), revoked, now);
    if (!permit) return;
    promise(permit->who().text == good_token(), "only the good token opens");
    check_forwarded(*permit, *head);
}

} // namespace fuzz
