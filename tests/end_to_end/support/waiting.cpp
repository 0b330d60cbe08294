#include "tests/end_to_end/support/waiting.hpp"

#include <algorithm>
#include <cerrno>
#include <poll.h>

namespace e2e {

int deadline::left() const
{
    auto const left = std::chrono::ceil<milliseconds>(at_ - std::chrono::steady_clock::now());
    return static_cast<int>(std::max<milliseconds::rep>(left.count(), 0));
}

bool await_event(int fd, short events, deadline const& until)
{
    pollfd one{fd, events, 0};
    for (;;) {
        auto const n = poll(&one, 1, until.left());
        if (n > 0) return true;
        if (n == 0) return false;
        if (errno != EINTR) throw std::runtime_error("poll failed");
    }
}

void await(std::string const& what, std::function<bool()> const& holds, deadline until)
{
    constexpr int look_again_after_ms = 5;
    while (!holds()) {
        if (until.passed()) throw timed_out(what);
        poll(nullptr, 0, look_again_after_ms);
    }
}

} // namespace e2e
