#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <vector>

namespace gateway {

/// The end in good order: takes its steps one after another, each at its time. For the control thread alone.
class drain {
public:
    struct step {
        std::chrono::milliseconds at; ///< from the beginning; not before the step in front of it
        std::function<void()> take;
    };

    explicit drain(boost::asio::io_context& control) : due_(control) {}

    /// Takes the steps that are due at once, and the others in their time. To be called once.
    void begin(std::vector<step> steps);
    [[nodiscard]] bool begun() const noexcept { return begun_; }
    /// Until the last step is taken, once it has begun.
    [[nodiscard]] std::chrono::milliseconds left() const;

private:
    void go_on();

    std::vector<step> steps_;
    std::size_t next_ = 0;
    boost::asio::steady_timer due_;
    std::chrono::steady_clock::time_point begin_;
    bool begun_ = false;
};

} // namespace gateway
