#include "gateway/wire/forwarded.hpp"

#include "gateway/edge/forwarding.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/fuzz/targets.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace fuzz {
namespace {

using namespace gateway;
using namespace gateway::wire;
using told = forwarded_hop::told;

/// Lines of one field.
struct lines {
    forwarding_field which;
    std::vector<std::string> values;

    [[nodiscard]] std::vector<field> fields() const
    {
        std::vector<field> out;
        for (auto const& value : values)
            out.push_back({which == forwarding_field::forwarded ? "Forwarded" : "X-Forwarded-For", value});
        return out;
    }
    [[nodiscard]] lines with(std::string const& line) const
    {
        auto out = *this;
        out.values.push_back(line);
        return out;
    }
    [[nodiscard]] lines continued_by(std::string const& more) const
    {
        auto out = *this;
        out.values.back() += ", " + more;
        return out;
    }
};

/// Up to the first that is flawed.
std::vector<forwarded_hop> hops_of(lines const& of)
{
    auto const fields = of.fields();
    forwarded_hops hops(fields, of.which);
    std::vector<forwarded_hop> out;
    for (auto hop = hops.next(); hop; hop = hops.next()) {
        out.push_back(*hop);
        if (hop->what == told::flawed) break;
    }
    return out;
}

std::string trimmed(std::string const& text)
{
    auto const begin = text.find_first_not_of(" \t");
    return begin == text.npos ? "" : text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

/// The elements of a list from left to right. Nothing: a quoted string does not end.
std::optional<std::vector<std::string>> split(std::string const& text, char at, bool has_quotes)
{
    std::vector<std::string> out{""};
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == at && !quoted) {
            out.emplace_back();
            continue;
        }
        out.back() += text[i];
        if (has_quotes && text[i] == '"') quoted = !quoted;
        if (quoted && text[i] == '\\' && i + 1 < text.size()) out.back() += text[++i];
    }
    if (quoted) return std::nullopt;
    for (auto& one : out)
        one = trimmed(one);
    return out;
}

/// How many elements there are, were each of them good.
std::optional<std::size_t> elements_in(lines const& of)
{
    std::size_t count = 0;
    for (auto const& value : of.values) {
        auto const all = split(value, ',', of.which == forwarding_field::forwarded);
        if (!all) return std::nullopt;
        count +=
            static_cast<std::size_t>(std::ranges::count_if(*all, [](auto& one) { return !one.empty(); }));
    }
    return count;
}

bool names(forwarded_hop const& hop, std::string_view address)
{
    return hop.what == told::address && hop.from.text() == address;
}

/// What stands in front, anybody may have written: it changes nothing of what a proxy wrote behind it.
void check_that_the_last_word_counts(lines const& of, bool divides)
{
    auto const has_quotes = of.which == forwarding_field::forwarded;
    std::string const honest = has_quotes ? "for=192.0.2.7;proto=https" : "192.0.2.7";
    promise(names(hops_of(of.with(honest)).at(0), "192.0.2.7"), "a line of its own is read by itself");
    auto const first = hops_of(of.continued_by(honest)).at(0);
    if (divides)
        promise(names(first, "192.0.2.7"), "an element behind others is read by itself");
    else
        promise(first.what == told::flawed, "where elements begin cannot be said, so nobody is named");

    std::array const proxies{ip_network(read_ipv4("10.0.0.0").value(), 104)};
    std::string const inner = has_quotes ? "for=\"10.1.1.1:99\"" : "10.1.1.1";
    auto const chain = of.continued_by(honest).with(inner);
    auto const fields = chain.fields();
    auto const said = edge::introduced_by(read_ipv4("10.0.0.1").value(), fields, proxies);
    promise(said.refused.has_value() != divides, "what cannot be divided is refused, and nothing else");
    promise(
        said.client.text() == (divides ? "192.0.2.7" : "10.0.0.1"), "the client is whom the proxies name");
}

} // namespace

void forwarded(std::string_view bytes)
{
    if (bytes.empty()) return;
    lines of{(bytes[0] & 1) == 0 ? forwarding_field::x_forwarded_for : forwarding_field::forwarded, {""}};
    for (char const c : bytes.substr(1))
        if (c == '\n')
            of.values.emplace_back();
        else
            of.values.back() += c;

    auto const hops = hops_of(of);
    auto const elements = elements_in(of);
    promise(!elements || hops.size() <= *elements, "a hop is an element");
    if (hops.empty() || hops.back().what != told::flawed)
        promise(elements == hops.size(), "without a flaw each element is a hop");
    for (auto const& hop : hops)
        if (hop.what == told::address)
            promise(read_ip_address(hop.from.text()) == hop.from, "an address is written as it is read");
    auto const last_line = split(of.values.back(), ',', of.which == forwarding_field::forwarded);
    check_that_the_last_word_counts(of, last_line.has_value());
}

} // namespace fuzz
