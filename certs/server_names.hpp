#pragma once
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace certs {

/// Which certificate serves a name: exact names first, then wildcards of one whole label (RFC 9525 §6.3).
/// Letters match in either case.
class server_names {
public:
    /// `pattern` is a DNS subject alternative name. The first to bring a name keeps it.
    void add(std::string_view pattern, std::size_t certificate);
    [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const;

private:
    using index = std::map<std::string, std::size_t, std::less<>>;
    index exact_;
    index wildcards_; ///< by what stands after "*."
};

} // namespace certs
