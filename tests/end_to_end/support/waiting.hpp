/// Waiting for events, never for time to pass. A deadline only bounds how long a failing test takes.
#pragma once
#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>

namespace e2e {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// How long an event may take that has to come.
inline constexpr milliseconds patience{20'000};

class deadline {
public:
    explicit deadline(milliseconds from_now = patience) : at_(std::chrono::steady_clock::now() + from_now) {}
    [[nodiscard]] bool passed() const { return left() == 0; }
    /// Milliseconds left, as poll(2) takes them.
    [[nodiscard]] int left() const;

private:
    std::chrono::steady_clock::time_point at_;
};

/// An event that had to come did not.
struct timed_out : std::runtime_error {
    explicit timed_out(std::string const& what) : std::runtime_error("waited in vain for " + what) {}
};

/// Waits until `fd` has one of `events` (poll(2)); false at the deadline.
[[nodiscard]] bool await_event(int fd, short events, deadline const& until);

/// For what gives no event (a file, another process's memory): looks again every few milliseconds. Throws
/// `timed_out`.
void await(std::string const& what, std::function<bool()> const& holds, deadline until = deadline{});

} // namespace e2e
