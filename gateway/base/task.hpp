#pragma once
#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace gateway {

/// A coroutine that begins when it is awaited and gives control back to whoever awaited it, in the same turn
/// and on the same thread. Destroying it destroys its frame, and with it whatever it awaits: nothing outlives
/// its owner.
template <class T = void>
class task;

namespace detail {

struct resume_awaiter {
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    template <class Promise>
    [[nodiscard]] std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> done) const noexcept
    {
        return done.promise().continuation;
    }
    void await_resume() const noexcept {}
};

struct promise_base {
    std::coroutine_handle<> continuation = std::noop_coroutine();
    std::exception_ptr failure;

    [[nodiscard]] std::suspend_always initial_suspend() const noexcept { return {}; }
    [[nodiscard]] resume_awaiter final_suspend() const noexcept { return {}; }
    void unhandled_exception() noexcept { failure = std::current_exception(); }
};

template <class T>
struct promise : promise_base {
    std::optional<T> value;
    [[nodiscard]] task<T> get_return_object() noexcept;
    template <class U>
    void return_value(U&& result)
    {
        value.emplace(std::forward<U>(result));
    }
    [[nodiscard]] T take()
    {
        if (failure) std::rethrow_exception(failure);
        return std::move(*value);
    }
};

template <>
struct promise<void> : promise_base {
    [[nodiscard]] task<void> get_return_object() noexcept;
    void return_void() const noexcept {}
    void take() const
    {
        if (failure) std::rethrow_exception(failure);
    }
};

} // namespace detail

template <class T>
class [[nodiscard]] task {
public:
    using promise_type = detail::promise<T>;

    explicit task(std::coroutine_handle<promise_type> frame) noexcept : frame_(frame) {}
    task(task&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
    task& operator=(task&& other) noexcept
    {
        std::swap(frame_, other.frame_);
        return *this;
    }
    task(task const&) = delete;
    task& operator=(task const&) = delete;
    ~task()
    {
        if (frame_) frame_.destroy();
    }

    [[nodiscard]] bool await_ready() const noexcept { return false; }
    [[nodiscard]] std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) const noexcept
    {
        frame_.promise().continuation = awaiting;
        return frame_;
    }
    T await_resume() const { return frame_.promise().take(); }

    /// Begins a task that nobody awaits; its owner keeps it until `done`.
    void start() const { frame_.resume(); }
    [[nodiscard]] bool done() const noexcept { return frame_.done(); }

private:
    std::coroutine_handle<promise_type> frame_;
};

template <class T>
task<T> detail::promise<T>::get_return_object() noexcept
{
    return task<T>(std::coroutine_handle<promise<T>>::from_promise(*this));
}

inline task<void> detail::promise<void>::get_return_object() noexcept
{
    return task<void>(std::coroutine_handle<promise<void>>::from_promise(*this));
}

} // namespace gateway
