#include "gateway/base/http_date.hpp"

#include <string_view>

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

} // namespace gateway
