#include "tests/bench/wire/fields.hpp"

#include <charconv>
#include <strings.h>

namespace bench {

std::string_view field(std::string_view head, std::string_view name)
{
    while (!head.empty()) {
        auto const end = head.find("\r\n");
        auto line = head.substr(0, end);
        head.remove_prefix(end == head.npos ? head.size() : end + 2);
        if (line.size() <= name.size() || line[name.size()] != ':' ||
            strncasecmp(line.data(), name.data(), name.size()) != 0)
            continue;
        line.remove_prefix(name.size() + 1);
        auto const start = line.find_first_not_of(' ');
        return start == line.npos ? std::string_view() : line.substr(start);
    }
    return {};
}

std::size_t number(std::string_view text)
{
    std::size_t out = 0;
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
}

} // namespace bench
