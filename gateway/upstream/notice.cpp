#include "gateway/upstream/notice.hpp"

#include <cstdio>
#include <string>

namespace gateway::upstream {

void write_to_stderr(std::string_view line)
{
    // One call, so that lines of other threads do not come in between.
    auto const whole = "voicegate: " + std::string(line) + "\n";
    std::fwrite(whole.data(), 1, whole.size(), stderr);
}

void notice::tell(std::string_view line, std::chrono::steady_clock::time_point now)
{
    if (last_ && now - *last_ < every) return;
    last_ = now;
    sink_(line);
}

} // namespace gateway::upstream
