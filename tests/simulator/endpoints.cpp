#include "tests/simulator/endpoints.hpp"

#include "tests/simulator/base64.hpp"
#include "tests/simulator/exchange.hpp"
#include "tests/simulator/wire.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace simulator {

namespace json = boost::json;

namespace {

using handler = net::awaitable<void> (*)(exchange&);

net::awaitable<void> answer_status(exchange& x)
{
    json::object const body{
        {"ok",      true            },
        {"version", "cartesia-sim 1"},
    };
    auto answer = json_reply(body);
    co_await x.send(std::move(answer));
}

/// What a client asks a token to be. Says in `wrong` why not.
std::optional<claims> read_wish(std::string_view body, std::string& wrong)
{
    json::error_code ec;
    auto const value = json::parse(body.empty() ? "{}" : body, ec);
    if (ec || !value.is_object()) {
        wrong = "the body is not a JSON object";
        return {};
    }
    auto const& wish = value.get_object();
    std::int64_t seconds = 60;
    if (auto const* given = wish.if_contains("expires_in"); given != nullptr && !given->is_null()) {
        if (!given->is_int64() || given->get_int64() < 1 || given->get_int64() > 3600) {
            wrong = "expires_in must be a whole number from 1 to 3600";
            return {};
        }
        seconds = given->get_int64();
    }
    claims out{.may = {}, .issued = unix_now(), .expires = 0};
    out.expires = out.issued + seconds;
    auto const* given = wish.if_contains("grants");
    if (given == nullptr || !given->is_object()) return out;
    auto const may = [&](std::string_view name) {
        auto const* flag = given->get_object().if_contains(name);
        return flag != nullptr && flag->is_bool() && flag->get_bool();
    };
    out.may = {.tts = may("tts"), .stt = may("stt"), .agent = may("agent")};
    return out;
}

net::awaitable<void> answer_token(exchange& x)
{
    std::string wrong;
    auto const wish = read_wish(x.body, wrong);
    if (!wish) {
        auto why = bad_input(wrong);
        co_await x.refuse(std::move(why));
        co_return;
    }
    json::object const body{
        {"token", x.sim.tokens.mint(*wish)},
    };
    auto answer = json_reply(body);
    co_await x.send(std::move(answer));
}

/// A token for one managed-agent call. The real answer's field names are not published.
net::awaitable<void> answer_agent_session(exchange& x)
{
    auto const now = unix_now();
    claims const session{.may = {.agent = true}, .issued = now, .expires = now + 300, .session = true};
    json::object const body{
        {"token",   x.sim.tokens.mint(session)           },
        {"call_id", "call_" + base64url(random_bytes(12))},
    };
    auto answer = json_reply(body);
    co_await x.send(std::move(answer));
}

/// Management routes, in name only: they exist so that nobody reaches them with an access token.
net::awaitable<void> answer_list(exchange& x)
{
    json::object const body{
        {"data",     json::array{}},
        {"has_more", false        },
    };
    auto answer = json_reply(body);
    co_await x.send(std::move(answer));
}

struct route {
    std::string_view method, pattern;
    need wants;
    handler answer;
};

constexpr std::array routes{
    route{"GET",  "/",                                need::nothing,        answer_status       },
    route{"POST", "/access-token",                    need::api_key,        answer_token        },
    route{"POST", "/tts/bytes",                       need::tts,            answer_tts_bytes    },
    route{"POST", "/tts/sse",                         need::tts,            answer_tts_sse      },
    route{"POST", "/stt",                             need::stt,            answer_transcription},
    route{"POST", "/audio/transcriptions",            need::stt,            answer_transcription},
    route{"POST", "/v1/agents/websocket/{}/sessions", need::api_key,        answer_agent_session},
    route{"GET",  "/agents/templates",                need::any_credential, answer_list         },
    route{"GET",  "/agents",                          need::api_key,        answer_list         },
    route{"GET",  "/agents/{}",                       need::api_key,        answer_list         },
    route{"GET",  "/voices",                          need::api_key,        answer_list         },
    route{"GET",  "/voices/{}",                       need::api_key,        answer_list         },
    route{"GET",  "/usage/credits",                   need::admin_key,      answer_list         },
    route{"GET",  "/api-keys",                        need::admin_key,      answer_list         },
};

/// Permissive, as Cartesia must be for its own browser examples.
net::awaitable<void> answer_preflight(exchange& x)
{
    reply answer{.status = 204, .type = {}, .body = {}, .headers = {}};
    answer.headers.emplace_back("Access-Control-Allow-Methods", "*");
    answer.headers.emplace_back("Access-Control-Allow-Headers", "*, Authorization");
    co_await x.send(std::move(answer));
}

} // namespace

bool fits(std::string_view pattern, std::string_view path)
{
    while (!pattern.empty()) {
        if (pattern.starts_with("{}")) {
            auto const end = std::min(path.find('/'), path.size());
            if (end == 0) return false;
            path.remove_prefix(end);
            pattern.remove_prefix(2);
        } else if (path.empty() || path.front() != pattern.front()) {
            return false;
        } else {
            path.remove_prefix(1);
            pattern.remove_prefix(1);
        }
    }
    return path.empty();
}

net::awaitable<void> answer_request(exchange& x)
{
    if (x.head.method == "OPTIONS") {
        co_await answer_preflight(x);
        co_return;
    }
    auto const* const row =
        std::ranges::find_if(routes, [&](route const& r) { return fits(r.pattern, x.head.path()); });
    bool const known = row != routes.end();
    bool const right =
        known && (row->method == x.head.method || (row->method == "GET" && x.head.method == "HEAD"));
    problem wrong{404, {}, "Not found", "there is no such route"};
    if (known && !right) wrong = {405, {}, "Method not allowed", "this route has another method"};
    if (right) {
        keyring const keys{x.sim.settings.api_key, x.sim.tokens};
        auto const verdict = admit(keys, x.head, row->wants, unix_now());
        if (std::holds_alternative<caller>(verdict)) {
            co_await row->answer(x);
            co_return;
        }
        wrong = std::get<problem>(verdict);
    }
    co_await x.refuse(std::move(wrong));
}

net::awaitable<bool> answered_by_fault(exchange& x)
{
    if (!x.trouble) co_return false;
    auto const& t = *x.trouble;
    std::chrono::milliseconds const ms{t.ms};
    switch (t.kind) {
    case action::delay:
        x.left = !co_await x.sim.pause(*x.client, ms);
        co_return x.left;
    case action::hang:
        x.left = !co_await x.sim.hold(*x.client);
        co_return x.left;
    case action::big_body:
        co_await x.send_big_body();
        co_return true;
    case action::raw:
        co_await x.send_raw();
        co_return true;
    case action::reset_before_answer:
        x.reusable = false;
        x.client->reset();
        co_return true;
    case action::status:
    case action::refuse_handshake: {
        problem const what{t.status == 0 ? 500U : t.status, {}, "Fault", "as ordered"};
        auto answer = x.reply_of(what);
        if (!t.body.empty()) answer.body = t.body;
        answer.headers = t.headers;
        co_await x.send(std::move(answer));
        co_return true;
    }
    default:
        break;
    }
    co_return false;
}

} // namespace simulator
