#include "gateway/cli/diagnosis.hpp"

#include <iomanip>

namespace gateway::cli {

std::ostream& diagnosis::line(std::string_view mark, std::string_view what)
{
    constexpr int mark_width = 7;
    return out_ << std::left << std::setw(mark_width) << mark << what << ": ";
}

void diagnosis::ok(std::string_view what, std::string_view found) { line("ok", what) << found << '\n'; }

void diagnosis::note(std::string_view what, std::string_view found) { line("note", what) << found << '\n'; }

void diagnosis::wrong(std::string_view what, std::string_view found, std::string_view remedy)
{
    healthy_ = false;
    line("wrong", what) << found << "; " << remedy << '\n';
}

void diagnosis::wrong(std::string_view what, std::string_view flaw)
{
    healthy_ = false;
    line("wrong", what) << flaw << '\n';
}

} // namespace gateway::cli
