#pragma once
#include <set>
#include <string>
#include <utility>

namespace gateway {

/// A name that is looked up in a directory on the way to a file.
struct way_mark {
    std::string directory;
    std::string name;
    friend auto operator<=>(way_mark const&, way_mark const&) = default;
};

/// Where a change of names makes `file` another one: the file itself in its directory, and each link on the
/// way there, as certbot (`live/x/cert.pem` is a link) and Kubernetes (`..data` is one) replace them. Ends at
/// the first name that leads nowhere: when it comes to be, the way goes on. `file`: absolute.
[[nodiscard]] std::set<way_mark> way_to(std::string const& file);

} // namespace gateway
