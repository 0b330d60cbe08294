#pragma once
#include "gateway/base/reply.hpp"
#include "gateway/wire/head.hpp"
#include "policy/judge.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace gateway::edge {

/// What policy judges of a head. Its views are those of the head.
class judged_facts {
public:
    static constexpr std::size_t cookie_fields_max = 16;

    explicit judged_facts(wire::request_head const& head) noexcept;
    judged_facts(judged_facts const&) = delete;
    judged_facts& operator=(judged_facts const&) = delete;
    ~judged_facts() = default;

    [[nodiscard]] policy::request const& request() const noexcept { return request_; }
    /// A credential field that came twice, or too many cookie fields: which of them counts would be a guess.
    [[nodiscard]] std::optional<policy::denial> ambiguity() const noexcept { return ambiguity_; }

private:
    std::array<std::string_view, cookie_fields_max> cookies_;
    policy::request request_;
    std::optional<policy::denial> ambiguity_;
};

/// The fault that a head's flaw is.
[[nodiscard]] fault fault_for(wire::head_flaw why) noexcept;

/// A browser asks ahead whether another origin's page may send what it wants to (Fetch §3.2.2). Only then
/// does a request have `Access-Control-…` fields.
[[nodiscard]] bool is_preflight(wire::request_head const& head) noexcept;

/// An uploaded form, as browsers and SDKs send files (RFC 7578).
[[nodiscard]] bool is_form(wire::request_head const& head) noexcept;

/// The error form that the client understands: `cartesia_version` of the query goes before the field
/// (contract §1).
[[nodiscard]] error_form form_of(wire::request_head const& head) noexcept;

} // namespace gateway::edge
