#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace gateway::watch {

struct label {
    std::string_view name;
    std::string_view value;
};

/// Writes the Prometheus text format 0.0.4. A family's samples follow its `family` without a gap, as the
/// format asks.
class metrics_text {
public:
    /// Begins a family: its HELP and TYPE lines. `help` has no backslash and no line end.
    void family(std::string_view name, std::string_view type, std::string_view help);
    /// One sample of the family; `suffix` is `_bucket`, `_sum` or `_count` in a histogram.
    void sample(std::initializer_list<label> labels, std::uint64_t value);
    void sample(std::string_view suffix, std::initializer_list<label> labels, std::string_view value);

    [[nodiscard]] std::string take() && { return std::move(out_); }

private:
    std::string out_;
    std::string_view family_;
};

/// Seconds as a plain decimal without needless zeros: 2500 -> `0.0025`.
[[nodiscard]] std::string seconds_text(std::uint64_t microseconds);

} // namespace gateway::watch
