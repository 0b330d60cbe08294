#pragma once
#include <chrono>
#include <functional>
#include <optional>
#include <string_view>

namespace gateway::upstream {

/// Where a plain line for the operator goes.
using line_sink = std::function<void(std::string_view)>;

void write_to_stderr(std::string_view line);

/// Tells the operator of what goes wrong again and again: at most one line in `every`. Whoever calls it puts
/// no secret into the line. For one thread.
class notice {
public:
    static constexpr std::chrono::seconds every{10};

    explicit notice(line_sink sink) : sink_(std::move(sink)) {}
    void tell(std::string_view line, std::chrono::steady_clock::time_point now);

private:
    line_sink sink_;
    std::optional<std::chrono::steady_clock::time_point> last_;
};

} // namespace gateway::upstream
