#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace gateway {

/// An immutable value that one thread publishes and many read: addresses, credentials, revocations.
/// A reader looks at one counter; only when it has moved does it take the lock and the new value.
template <class T>
class published {
public:
    explicit published(std::shared_ptr<T const> first) : value_(std::move(first)) {}

    void publish(std::shared_ptr<T const> next)
    {
        auto const lock = std::scoped_lock(mutex_);
        value_ = std::move(next);
        version_.fetch_add(1, std::memory_order_release);
    }

    [[nodiscard]] std::shared_ptr<T const> latest() const
    {
        auto const lock = std::scoped_lock(mutex_);
        return value_;
    }

    /// One thread's view. What `get` returns stays alive until the next `get`.
    class reader {
    public:
        explicit reader(published const& from) : from_(&from) {}

        [[nodiscard]] T const& get()
        {
            auto const version = from_->version_.load(std::memory_order_acquire);
            if (version != seen_ || !value_) {
                value_ = from_->latest();
                seen_ = version;
            }
            return *value_;
        }

        /// The same, for longer.
        [[nodiscard]] std::shared_ptr<T const> hold()
        {
            (void)get();
            return value_;
        }

        /// The latest value, if it is another than the last that was got; else nothing.
        [[nodiscard]] T const* news()
        {
            auto const* const before = value_.get();
            auto const* const now = &get();
            return now != before ? now : nullptr;
        }

    private:
        published const* from_;
        std::shared_ptr<T const> value_;
        std::uint64_t seen_ = 0;
    };

private:
    mutable std::mutex mutex_;
    std::shared_ptr<T const> value_;
    std::atomic<std::uint64_t> version_{0};
};

} // namespace gateway
