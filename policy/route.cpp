#include "policy/route.hpp"

#include "policy/route_rows.hpp"

#include <algorithm>
#include <ranges>
#include <span>
#include <stdexcept>

namespace policy {
namespace {

bool is_literal(route const& row) noexcept { return !path_template::has_parameter(row.path); }

/// Why no request could ever be served by `row`, or none as its writer meant; empty when it is sound.
std::string_view flaw_in(added_route const& row) noexcept
{
    if (auto const flaw = path_template::flaw(row.path); !flaw.empty()) return flaw;
    if (!route_rows::share_a_method(row.methods, row.methods)) return "has no method"; // `other` is none
    if (row.over == transport::http) return {};
    for (auto m : {method::head, method::post, method::put, method::patch, method::del, method::options})
        if (row.methods.has(m)) return "is a WebSocket and so can have the method GET only (RFC 6455 §4.1)";
    return {};
}

template <class Describes>
boost::system::result<route const*, denial>
look_up(std::span<route const> rows, method m, transport over, Describes describes) noexcept
{
    auto miss = denial::no_route;
    for (auto const& row : rows) {
        if (!describes(row)) continue;
        if (row.methods.has(m)) {
            if (row.over == over) return &row;
            miss = over == transport::http ? denial::upgrade_required : denial::upgrade_not_allowed;
        } else if (miss == denial::no_route) {
            miss = denial::method_not_allowed;
        }
    }
    return miss;
}

} // namespace

method read_method(std::string_view text) noexcept
{
    using enum method;
    for (auto m : {get, head, post, put, patch, del, options})
        if (name(m) == text) return m;
    return other;
}

std::string_view name(method m) noexcept
{
    switch (m) {
    case method::get:
        return "GET";
    case method::head:
        return "HEAD";
    case method::post:
        return "POST";
    case method::put:
        return "PUT";
    case method::patch:
        return "PATCH";
    case method::del:
        return "DELETE";
    case method::options:
        return "OPTIONS";
    case method::other:
        break;
    }
    return "";
}

std::optional<std::string> flaw_in_path_template(std::string_view path)
{
    auto const flaw = path_template::flaw(path);
    if (flaw.empty()) return std::nullopt;
    return std::string(flaw);
}

route_table::route_table(std::vector<added_route> added)
    : added_(std::move(added)), rows_(route_rows::built_in.begin(), route_rows::built_in.end())
{
    for (auto const& row : added_) {
        if (auto const flaw = flaw_in(row); !flaw.empty())
            throw std::invalid_argument("route " + row.path + ": " + std::string(flaw));
        route const made{row.methods, row.path, row.over, row.needs};
        for (auto const& earlier : rows_)
            if (route_rows::collide(made, earlier))
                throw std::invalid_argument(
                    "route " + row.path + ": " + std::string(earlier.path) +
                    " already serves such a request");
        rows_.push_back(made);
    }
    auto const forms = std::stable_partition(rows_.begin(), rows_.end(), is_literal);
    literals_ = static_cast<std::size_t>(forms - rows_.begin());
}

boost::system::result<route const*, denial>
route_table::find(method m, std::string_view path, transport over) const noexcept
{
    auto const literals = std::span(rows_).first(literals_);
    auto const found = look_up(literals, m, over, [path](route const& row) { return row.path == path; });
    if (found || found.error() != denial::no_route) return found;
    auto const forms = std::span(rows_).subspan(literals_);
    return look_up(
        forms, m, over, [path](route const& row) { return path_template::describes(row.path, path); });
}

method_set route_table::allowed_at(std::string_view path) const noexcept
{
    using enum method;
    method_set allowed;
    for (auto m : {get, head, post, put, patch, del, options})
        for (auto over : {transport::http, transport::websocket})
            if (find(m, path, over)) allowed.add(m);
    return allowed;
}

} // namespace policy
