#include "gateway/reload.hpp"

#include <exception>

namespace gateway {

std::optional<std::string> reload::run() const
{
    std::vector<step> steps;
    try {
        for (auto const& read : parts_)
            steps.push_back(read());
    } catch (std::exception const& flaw) {
        return flaw.what();
    }
    for (auto const& put_in_force : steps)
        put_in_force();
    return std::nullopt;
}

} // namespace gateway
