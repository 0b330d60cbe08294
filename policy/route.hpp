#pragma once
#include "policy/denial.hpp"
#include "policy/grant.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// The request methods that a row can name (RFC 9110 §9); every other method is `other` and matches no row.
enum class method : std::uint8_t { get, head, post, put, patch, del, options, other };

[[nodiscard]] method read_method(std::string_view text) noexcept; ///< case-sensitive, RFC 9110 §9.1
[[nodiscard]] std::string_view name(method m) noexcept;           ///< "GET"; "other" has none and gives ""

class method_set {
public:
    constexpr method_set() = default;
    constexpr method_set(std::initializer_list<method> methods)
    {
        for (auto m : methods)
            add(m);
    }
    constexpr void add(method m) noexcept
    {
        bits_ = static_cast<std::uint8_t>(bits_ | 1U << static_cast<unsigned>(m));
    }
    [[nodiscard]] constexpr bool has(method m) const noexcept
    {
        return m != method::other && (bits_ >> static_cast<unsigned>(m) & 1U) != 0;
    }
    [[nodiscard]] constexpr bool empty() const noexcept { return bits_ == 0; }
    friend constexpr bool operator==(method_set, method_set) = default;

private:
    std::uint8_t bits_ = 0;
};

/// How a request wants to be carried: as HTTP, or as a WebSocket after an upgrade (RFC 6455 §4.1).
enum class transport : std::uint8_t { http, websocket };

/// One row of the policy table: who holds `needs` may send `methods` over `over` to a path of the form
/// `path`. A path is literal segments and `{name}` segments; a `{name}` stands for one segment of 1 to 128
/// letters, digits,
/// `_` and `-`, nothing encoded.
struct route {
    method_set methods;
    std::string_view path;
    transport over = transport::http;
    grant needs = grant::tts;
};

/// A row that the configuration adds; owns its text.
struct added_route {
    method_set methods;
    std::string path;
    transport over = transport::http;
    grant needs = grant::tts;
    friend bool operator==(added_route const&, added_route const&) = default;
};

/// Why `path` cannot be a row's path, in words for the person who wrote it; nothing when it can.
[[nodiscard]] std::optional<std::string> flaw_in_path_template(std::string_view path);

/// The grant policy table: the built-in rows (contract §3) and those of the configuration. No row: denied.
class route_table {
public:
    /// `added` rows stand beside the built-in ones. Throws `std::invalid_argument` in plain words when a path
    /// is flawed or a row could serve a request that another row already serves.
    explicit route_table(std::vector<added_route> added = {});
    route_table(route_table const&) = delete;
    route_table& operator=(route_table const&) = delete;
    ~route_table() = default;

    /// The row that serves a request. Where a literal path fits, no row with a `{name}` is asked: not for
    /// another method and not for another transport. Fails with `no_route`, `method_not_allowed`,
    /// `upgrade_required` (a WebSocket row, asked over HTTP) or `upgrade_not_allowed` (the other way round).
    [[nodiscard]] boost::system::result<route const*, denial>
    find(method m, std::string_view path, transport over) const noexcept;

    /// The methods that some row serves at `path`, for `Allow` (RFC 9110 §10.2.1).
    [[nodiscard]] method_set allowed_at(std::string_view path) const noexcept;

    [[nodiscard]] std::vector<route> const& rows() const noexcept { return rows_; }

private:
    std::vector<added_route> added_;
    std::vector<route> rows_; ///< literal paths first
    std::size_t literals_ = 0;
};

} // namespace policy
