#include "gateway/base/http_date.hpp"

#include <charconv>

namespace gateway {

namespace {

constexpr std::string_view days = "SunMonTueWedThuFriSat";
constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";

void put_name(char* at, std::string_view names, std::size_t index) { names.copy(at, 3, 3 * index); }

void put_two_digits(char* at, unsigned number)
{
    at[0] = static_cast<char>('0' + number / 10);
    at[1] = static_cast<char>('0' + number % 10);
}

/// What does not fit in anywhere: it is no number.
constexpr unsigned no_number = 99'999;

unsigned number_in(std::string_view digits)
{
    unsigned number = 0;
    auto const* const end = digits.data() + digits.size();
    auto const [stop, flaw] = std::from_chars(digits.data(), end, number);
    return flaw == std::errc{} && stop == end ? number : no_number;
}

} // namespace

void append_http_date(std::string& out, std::chrono::sys_seconds at)
{
    auto const day = std::chrono::floor<std::chrono::days>(at);
    std::chrono::year_month_day const date(day);
    std::chrono::hh_mm_ss const time(at - day);
    auto const year = static_cast<unsigned>(int{date.year()});
    auto const begin = out.size();
    out.append("Day, dd Mon yyyy hh:mm:ss GMT");
    auto* const text = out.data() + begin;
    put_name(text, days, std::chrono::weekday(day).c_encoding());
    put_two_digits(text + 5, unsigned{date.day()});
    put_name(text + 8, months, unsigned{date.month()} - 1);
    put_two_digits(text + 12, year / 100);
    put_two_digits(text + 14, year % 100);
    put_two_digits(text + 17, static_cast<unsigned>(time.hours().count()));
    put_two_digits(text + 20, static_cast<unsigned>(time.minutes().count()));
    put_two_digits(text + 23, static_cast<unsigned>(time.seconds().count()));
}

std::optional<std::chrono::sys_seconds> read_http_date(std::string_view text)
{
    constexpr std::size_t length = 29;
    if (text.size() != length) return std::nullopt;
    auto const month = months.find(text.substr(8, 3)) / 3 + 1;
    auto const year = number_in(text.substr(12, 4));
    if (month > 12 || year > 9999) return std::nullopt;
    auto const date = std::chrono::year(static_cast<int>(year)) / static_cast<int>(month) /
                      static_cast<int>(number_in(text.substr(5, 2)));
    if (!date.ok()) return std::nullopt;
    auto const at = std::chrono::sys_days(date) + std::chrono::hours(number_in(text.substr(17, 2))) +
                    std::chrono::minutes(number_in(text.substr(20, 2))) +
                    std::chrono::seconds(number_in(text.substr(23, 2)));
    std::string again; // tells every other way of writing, and impossible numbers
    append_http_date(again, at);
    if (again != text) return std::nullopt;
    return at;
}

} // namespace gateway
