#pragma once
#include "certs/openssl_ptr.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace certs {

/// What authorities have revoked, as they said last (RFC 5280 §5).
struct revocation_lists {
    std::vector<revocation_list> all;
    /// When the first of them wants to be replaced by its successor: from then on what it is about is
    /// refused.
    std::chrono::sys_seconds good_until = std::chrono::sys_seconds::max();
};

/// Those of a PEM file, at least one, of at most 1 MiB in all. Throws `std::runtime_error` naming the file:
/// it does not load, or a list is not of `now`.
[[nodiscard]] revocation_lists load_revocation_lists(std::string const& file, std::chrono::sys_seconds now);

} // namespace certs
