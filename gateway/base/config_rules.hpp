#pragma once
#include "gateway/base/config.hpp"

#include <string>
#include <vector>

namespace gateway {

/// As many fields as `wire::fields_capacity` has room for.
inline constexpr std::size_t header_fields_capacity = 128;

/// What no single field can say: combinations that cannot work. Throws `config_error` for the first.
void check_rules(config const& of);

/// `threads`, or as many as this machine has cores.
[[nodiscard]] unsigned event_loops(config const& of) noexcept;

/// Of all descriptors that the process may have, the last one in so many is the upstream's side's: without it
/// no client could be served.
inline constexpr unsigned upstream_share_of_descriptors = 16;

/// A file that the configuration names, to be read.
struct named_file {
    std::string field; ///< its path: `tls.certificates[0].key`
    std::string name;
    bool is_key = false; ///< others may neither read nor change it
};
[[nodiscard]] std::vector<named_file> named_files(config const& of);

/// The files that the configuration names and this process cannot read, and the key files that others may
/// read or change, each with the path of its field.
[[nodiscard]] std::vector<config_error> unusable_files(config const& of);

} // namespace gateway
