#include "gateway/watch/access_log.hpp"

#include "gateway/base/chars.hpp"

#include <charconv>

namespace gateway::watch {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

constexpr std::uint8_t byte_at(std::string_view text, std::size_t at) noexcept
{
    return at < text.size() ? static_cast<std::uint8_t>(text[at]) : std::uint8_t{0};
}

constexpr bool continues(std::uint8_t byte) noexcept { return (byte & 0xc0U) == 0x80; }

/// Length of the UTF-8 sequence that `text` begins with. 0: none (RFC 3629 §4: no overlong form, no
/// surrogate).
constexpr std::size_t utf8_length(std::string_view text) noexcept
{
    auto const a = byte_at(text, 0);
    auto const b = byte_at(text, 1);
    if (a >= 0xc2 && a <= 0xdf) return continues(b) ? 2 : 0;
    if (a >= 0xe0 && a <= 0xef) {
        bool const second = continues(b) && (a != 0xe0 || b >= 0xa0) && (a != 0xed || b < 0xa0);
        return second && continues(byte_at(text, 2)) ? 3 : 0;
    }
    if (a >= 0xf0 && a <= 0xf4) {
        bool const second = continues(b) && (a != 0xf0 || b >= 0x90) && (a != 0xf4 || b < 0x90);
        return second && continues(byte_at(text, 2)) && continues(byte_at(text, 3)) ? 4 : 0;
    }
    return 0;
}

void append_code(std::string& out, std::uint8_t code)
{
    char const escape[] = {'\\', 'u', '0', '0', hex_digits[code >> 4U], hex_digits[code & 15U]};
    out.append(escape, sizeof escape);
}

/// Appends the character that `text` begins with and says how many bytes it had.
std::size_t append_character(std::string& out, std::string_view text)
{
    auto const first = byte_at(text, 0);
    if (first == '"' || first == '\\') {
        out += '\\';
        out += text[0];
        return 1;
    }
    if (first < 0x80) {
        append_code(out, first);
        return 1;
    }
    auto const length = utf8_length(text);
    if (length == 0) {
        out += "\\ufffd";
        return 1;
    }
    // C1 controls steer a terminal as well as C0 ones do, and logs are read in terminals.
    if (first == 0xc2 && byte_at(text, 1) < 0xa0)
        append_code(out, byte_at(text, 1));
    else
        out += text.substr(0, length);
    return length;
}

void append_escaped(std::string& out, std::string_view text)
{
    while (!text.empty()) {
        auto const run = chars::find_json_text_end(text, 0);
        out.append(text.data(), run);
        text.remove_prefix(run);
        if (!text.empty()) text.remove_prefix(append_character(out, text));
    }
}

void append_number(std::string& out, std::uint64_t value)
{
    char digits[20];
    auto const end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    out.append(digits, static_cast<std::size_t>(end - digits));
}

void put_digits(char* at, unsigned value, unsigned width) noexcept
{
    while (width-- > 0) {
        at[width] = static_cast<char>('0' + value % 10);
        value /= 10;
    }
}

/// RFC 3339 in UTC with milliseconds: `2026-11-24T13:17:37.042Z`. Years 0 to 9999.
void append_time(std::string& out, std::chrono::system_clock::time_point at)
{
    using namespace std::chrono;
    auto const whole = floor<milliseconds>(at);
    auto const midnight = floor<days>(whole);
    auto const date = year_month_day{midnight};
    auto const time = hh_mm_ss{whole - midnight};
    char text[] = "0000-00-00T00:00:00.000Z";
    put_digits(text, static_cast<unsigned>(static_cast<int>(date.year())), 4);
    put_digits(text + 5, static_cast<unsigned>(date.month()), 2);
    put_digits(text + 8, static_cast<unsigned>(date.day()), 2);
    put_digits(text + 11, static_cast<unsigned>(time.hours().count()), 2);
    put_digits(text + 14, static_cast<unsigned>(time.minutes().count()), 2);
    put_digits(text + 17, static_cast<unsigned>(time.seconds().count()), 2);
    put_digits(text + 20, static_cast<unsigned>(time.subseconds().count()), 3);
    out.append(text, sizeof text - 1);
}

/// Milliseconds with three decimals.
void append_milliseconds(std::string& out, std::chrono::steady_clock::duration took)
{
    auto const us = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
    auto const positive = us < 0 ? 0U : static_cast<std::uint64_t>(us);
    append_number(out, positive / 1000);
    char fraction[4] = {'.'};
    put_digits(fraction + 1, static_cast<unsigned>(positive % 1000), 3);
    out.append(fraction, sizeof fraction);
}

/// `key` is written as it is: `,"name":`.
void append_text(std::string& out, std::string_view key, std::string_view value)
{
    if (value.empty()) return;
    out += key;
    out += '"';
    append_escaped(out, value);
    out += '"';
}

void append_count(std::string& out, std::string_view key, std::uint64_t value)
{
    out += key;
    append_number(out, value);
}

void append_request(std::string& out, access_record const& record)
{
    append_text(out, R"(,"request_id":)", record.request_id);
    append_text(out, R"(,"client":)", record.client);
    append_text(out, R"(,"method":)", record.method);
    // A canonical path has no '?'. Should a caller ever hand over a whole target, its query, which may hold a
    // token, still does not reach the log.
    append_text(out, R"(,"path":)", record.path.substr(0, record.path.find('?')));
    append_text(out, R"(,"route":)", record.route);
    append_text(out, R"(,"transport":)", record.transport);
}

void append_verdict(std::string& out, access_record const& record)
{
    if (record.status != 0) append_count(out, R"(,"status":)", record.status);
    out += record.granted ? R"(,"granted":true)" : R"(,"granted":false)";
    append_text(out, R"(,"reason":)", record.reason);
    append_text(out, R"(,"token_kind":)", record.token_kind);
    append_text(out, R"(,"token_source":)", record.token_source);
    append_text(out, R"(,"subject":)", record.subject);
    append_text(out, R"(,"token_id":)", record.token_id);
}

void append_outcome(std::string& out, access_record const& record)
{
    append_count(out, R"(,"bytes_in":)", record.bytes_in);
    append_count(out, R"(,"bytes_out":)", record.bytes_out);
    out += R"(,"duration_ms":)";
    append_milliseconds(out, record.duration);
    if (record.first_byte > record.first_byte.zero()) {
        out += R"(,"first_byte_ms":)";
        append_milliseconds(out, record.first_byte);
    }
    if (record.close_code != 0) append_count(out, R"(,"close_code":)", record.close_code);
    append_text(out, R"(,"closed_by":)", record.closed_by);
}

std::string_view key_of_id(policy::revoked_by what) noexcept
{
    switch (what) {
    case policy::revoked_by::token_id:
        return R"(,"token_id":)";
    case policy::revoked_by::session:
        return R"(,"session_id":)";
    case policy::revoked_by::subject:
        return R"(,"subject":)";
    }
    return R"(,"id":)";
}

} // namespace

void append_line(std::string& out, access_record const& record)
{
    out += R"({"time":")";
    append_time(out, record.at);
    out += '"';
    append_request(out, record);
    append_verdict(out, record);
    append_outcome(out, record);
    out += "}\n";
}

/// With the names of an access line where it means the same: a search for a user finds both.
void append_line(std::string& out, revocation_record const& record)
{
    out += R"({"time":")";
    append_time(out, record.at);
    out += '"';
    append_text(out, R"(,"client":)", record.client);
    append_text(out, R"(,"revoked_by":)", policy::name(record.what));
    append_text(out, key_of_id(record.what), record.id);
    append_count(
        out, R"(,"revoked_until":)", static_cast<std::uint64_t>(record.until.time_since_epoch().count()));
    if (record.block) out += R"(,"block":true)";
    append_text(out, R"(,"revoke_reason":)", record.reason);
    out += "}\n";
}

} // namespace gateway::watch
