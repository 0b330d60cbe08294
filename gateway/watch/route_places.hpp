#pragma once
#include "gateway/watch/metrics.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::watch {

/// Gives each route's path a place in `worker_metrics::requests`, for as long as the process lives: tables of
/// routes come and go, and what was counted stays what it was. For the control thread alone.
class route_places {
public:
    /// Its place; `routes_max`, with all others, when there is none left.
    [[nodiscard]] std::size_t of(std::string_view path)
    {
        auto const found = std::ranges::find(paths_, path);
        auto const place = static_cast<std::size_t>(found - paths_.begin());
        if (found == paths_.end() && place < worker_metrics::routes_max) paths_.emplace_back(path);
        return place;
    }
    /// By place.
    [[nodiscard]] std::vector<std::string> const& paths() const noexcept { return paths_; }

private:
    std::vector<std::string> paths_;
};

} // namespace gateway::watch
