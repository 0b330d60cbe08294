#pragma once
#include "policy/route.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// What pages of the configured origins are told, so that their browsers let them read answers (CORS, Fetch
/// §3.2). Never `*`: cookies come along. Immutable.
class cross_origin {
public:
    /// `origins` as browsers write them.
    cross_origin(std::vector<std::string> const& origins, std::chrono::seconds preflight_max_age);

    /// The field lines of an answer to a request with this `Origin`. One that is not configured, or none,
    /// gets only the `Vary` that keeps caches from mixing them up; when none is configured nobody gets any.
    /// The text is this object's own.
    [[nodiscard]] std::string_view fields_for(std::optional<std::string_view> origin) const noexcept;

    /// The field lines that let a page of `origin` send `methods` with what the SDKs add (Fetch §4.8). Empty:
    /// the origin is not configured.
    [[nodiscard]] std::string preflight_fields(std::string_view origin, policy::method_set methods) const;

private:
    struct known {
        std::string origin;
        std::string fields;
    };
    [[nodiscard]] known const* find(std::string_view origin) const noexcept;

    std::vector<known> known_;
    std::chrono::seconds preflight_max_age_;
};

} // namespace gateway
