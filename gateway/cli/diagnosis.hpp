#pragma once
#include <ostream>
#include <string_view>

namespace gateway::cli {

/// What `voicegate doctor` finds, one line each: `ok`, `wrong` with what to do about it, or `note` where
/// nothing can be said.
class diagnosis {
public:
    explicit diagnosis(std::ostream& out) : out_(out) {}

    void ok(std::string_view what, std::string_view found);
    void note(std::string_view what, std::string_view found);
    void wrong(std::string_view what, std::string_view found, std::string_view remedy);
    /// For a flaw whose words tell the remedy too.
    void wrong(std::string_view what, std::string_view flaw);

    [[nodiscard]] bool healthy() const noexcept { return healthy_; }

private:
    std::ostream& line(std::string_view mark, std::string_view what);

    std::ostream& out_;
    bool healthy_ = true;
};

} // namespace gateway::cli
