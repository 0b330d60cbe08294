#pragma once
#include <functional>
#include <mutex>
#include <vector>

namespace gateway::edge {

/// What other threads ask of a worker. It does so in its own turn, so that nothing of its own needs a lock.
class errands {
public:
    errands(); ///< throws `std::system_error` when the kernel gives no descriptor
    ~errands();
    errands(errands const&) = delete;
    errands& operator=(errands const&) = delete;

    /// From any thread: `errand` is done in one of the worker's next turns, in the order of asking.
    void ask(std::function<void()> errand);

    /// Readable while something is asked.
    [[nodiscard]] int descriptor() const noexcept { return bell_; }
    [[nodiscard]] std::vector<std::function<void()>> take();

private:
    int bell_;
    std::mutex guard_;
    std::vector<std::function<void()>> asked_;
};

} // namespace gateway::edge
