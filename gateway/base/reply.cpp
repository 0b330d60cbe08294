#include "gateway/base/reply.hpp"

#include "gateway/base/http_date.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>

namespace gateway {

namespace {

using std::string_view;

/// Enough for every refusal with its longest words, so that a reply is one allocation.
constexpr std::size_t reply_bytes_usual = 1'024;

void append(std::string& out, std::integral auto number)
{
    std::array<char, 20> digits{};
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

template <class... Parts>
void append_all(std::string& out, Parts const&... parts)
{
    (out.append(string_view(parts)), ...);
}

/// What the OpenAI SDK calls `error.type`.
string_view error_type(unsigned status)
{
    if (status >= 500) return "server_error";
    if (status == 401) return "authentication_error";
    return status == 403 ? "permission_error" : "invalid_request_error";
}

/// `null`, or the code in quotes.
void append_code(std::string& out, string_view code)
{
    if (code.empty())
        out.append("null");
    else
        append_all(out, "\"", code, "\"");
}

/// A superset that every SDK shows (contract §13.4): RFC 9457, Cartesia's members, the nested object of
/// openai 4.
void append_problem(std::string& out, refusal const& words, reply_context const& context)
{
    out.append("{\"error_code\":");
    append_code(out, words.error_code);
    append_all(out, ",\"title\":\"", words.title, "\",\"message\":\"", words.message);
    append_all(out, "\",\"request_id\":\"", context.request_id, "\",\"status\":");
    append(out, words.status);
    append_all(
        out,
        ",\"error\":{\"message\":\"",
        words.message,
        "\",\"type\":\"",
        error_type(words.status),
        "\",\"code\":");
    append_code(out, words.error_code);
    out.append("}}");
}

void append_allow(std::string& out, policy::method_set allowed)
{
    if (allowed.empty()) return;
    out.append("Allow: ");
    append_methods(out, allowed);
    out.append("\r\n");
}

/// RFC 6750 §3: no `error` when no credential was sent.
void append_challenge(std::string& out, refusal const& words, reply_context const& context)
{
    if (words.status != 401 && words.bearer_error.empty()) return;
    out.append("WWW-Authenticate: Bearer realm=\"voicegate\"");
    if (!words.bearer_error.empty())
        append_all(out, ", error=\"", words.bearer_error, "\", error_description=\"", words.message, "\"");
    if (context.needed) append_all(out, ", scope=\"", policy::name(*context.needed), "\"");
    out.append("\r\n");
}

/// In both forms that SDKs read: whole seconds, rounded up, and milliseconds.
void append_retry_after(std::string& out, std::chrono::milliseconds after, bool resendable)
{
    if (!resendable) out.append("x-should-retry: false\r\n");
    out.append("Retry-After: ");
    append(out, std::chrono::ceil<std::chrono::seconds>(after).count());
    out.append("\r\nretry-after-ms: ");
    append(out, after.count());
    out.append("\r\n");
}

void append_status_line(std::string& out, unsigned status)
{
    out.append("HTTP/1.1 ");
    append(out, status);
    append_all(out, " ", reason_phrase(status), "\r\n");
}

/// What every answer of the gateway's own carries.
void append_common(std::string& out, reply_context const& context)
{
    constexpr string_view fixed =
        "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nX-Request-Id: ";
    append_all(out, fixed, context.request_id, "\r\nDate: ");
    append_http_date(out, context.now);
    append_all(out, "\r\n", context.cross_origin);
    if (context.secure && context.hsts_max_age.count() > 0) {
        out.append("Strict-Transport-Security: max-age=");
        append(out, context.hsts_max_age.count());
        out.append("\r\n");
    }
}

/// Our own ids need no escaping; one that a client chose would have to be checked before it comes here.
[[maybe_unused]] bool is_plain(string_view id)
{
    return std::ranges::all_of(id, [](char c) { return c > 0x20 && c < 0x7f && c != '"' && c != '\\'; });
}

void append_length(std::string& out, std::size_t size)
{
    out.append("Content-Length: ");
    append(out, size);
    out.append("\r\n");
}

std::size_t problem_size(refusal const& words, reply_context const& context)
{
    constexpr std::size_t fixed =
        string_view(
            R"({"error_code":,"title":"","message":"","request_id":"","status":000,"error":{"message":"","type":"","code":}})")
            .size();
    auto const code = words.error_code.empty() ? 4 : words.error_code.size() + 2;
    return fixed + 2 * code + words.title.size() + 2 * words.message.size() + context.request_id.size() +
           error_type(words.status).size();
}

} // namespace

error_form form_for(std::optional<string_view> version) noexcept
{
    constexpr string_view first_with_json = "2026-03-01";
    constexpr string_view shape = "dddd-dd-dd";
    if (!version) return error_form::problem_json;
    auto const fits = [](char c, char s) { return s == '-' ? c == '-' : c >= '0' && c <= '9'; };
    auto const is_date = std::ranges::equal(*version, shape, fits);
    return is_date && *version >= first_with_json ? error_form::problem_json : error_form::text;
}

void append_methods(std::string& out, policy::method_set methods)
{
    using policy::method;
    constexpr std::array all{
        method::get, method::head, method::post, method::put, method::patch, method::del, method::options};
    bool first = true;
    for (auto m : all) {
        if (!methods.has(m)) continue;
        append_all(out, first ? "" : ", ", policy::name(m));
        first = false;
    }
}

std::string write_refusal(refusal const& words, reply_context const& context)
{
    assert(is_plain(context.request_id));
    auto const as_text = context.form == error_form::text;
    std::string out;
    out.reserve(reply_bytes_usual);

    append_status_line(out, words.status);
    out.append(
        as_text ? "Content-Type: text/plain; charset=utf-8\r\n"
                : "Content-Type: application/problem+json\r\n");
    append_length(
        out, as_text ? words.title.size() + 2 + words.message.size() : problem_size(words, context));
    append_common(out, context);
    append_challenge(out, words, context);
    if (words.status == 405) append_allow(out, context.allowed);
    if (words.status == 426) out.append("Upgrade: websocket\r\n");
    if (context.retry_after) append_retry_after(out, *context.retry_after, context.resendable);
    if (!context.set_cookie.empty()) append_all(out, "Set-Cookie: ", context.set_cookie, "\r\n");
    if (words.status == 426)
        out.append(context.keep_alive ? "Connection: Upgrade\r\n" : "Connection: Upgrade, close\r\n");
    else if (!context.keep_alive)
        out.append("Connection: close\r\n");
    out.append("\r\n");

    if (context.head_only) return out;
    if (as_text)
        append_all(out, words.title, ": ", words.message);
    else
        append_problem(out, words, context);
    return out;
}

std::string stream_error(stream_end why, stream_voice const& voice)
{
    auto const denied = denial_for(why);
    if (!denied) return {};
    auto const words = words_for(*denied);
    std::string out = R"({"type":"error",)";
    if (voice.agent) {
        append_all(
            out, R"("code":")", words.error_code, R"(","message":")", words.message, R"(","fatal":true})");
        return out;
    }
    append_all(out, R"("done":true,"status_code":)", std::to_string(words.status));
    if (voice.form == error_form::text)
        append_all(out, R"(,"error":")", words.title, ": ", words.message, "\"");
    else
        append_all(out, R"(,"error_code":")", words.error_code, R"(","title":")", words.title, "\"");
    append_all(out, R"(,"message":")", words.message, R"(","request_id":")", voice.request_id, "\"}");
    return out;
}

std::string write_answer(answer const& what, reply_context const& context)
{
    assert(is_plain(context.request_id));
    std::string out;
    out.reserve(512 + what.body.size() + what.set_cookie.size());
    append_status_line(out, what.status);
    if (!what.body.empty()) out.append("Content-Type: application/json\r\n");
    if (what.status != 204) append_length(out, what.body.size()); // RFC 9110 §8.6: never with 204
    append_common(out, context);
    append_allow(out, what.allow);
    if (!what.set_cookie.empty()) append_all(out, "Set-Cookie: ", what.set_cookie, "\r\n");
    if (what.clear_site_cookies) out.append("Clear-Site-Data: \"cookies\"\r\n");
    if (!context.keep_alive) out.append("Connection: close\r\n");
    out.append("\r\n");
    if (!context.head_only) out.append(what.body);
    return out;
}

} // namespace gateway
