#pragma once
#include <coroutine>
#include <utility>

namespace gateway {

class wake_queue;

/// Wakes one coroutine. Whatever may matter to a connection (either of its sockets, its deadline, a
/// revocation, a drain) wakes the same waker; the coroutine then looks at what changed. A wake without cause
/// is harmless; a wake while nobody waits is remembered.
class waker {
public:
    explicit waker(wake_queue& queue) noexcept : queue_(&queue) {}
    waker(waker const&) = delete;
    waker& operator=(waker const&) = delete;
    ~waker();

    /// The coroutine resumes later in this turn of the event loop.
    void wake() noexcept;

    /// `co_await w.next()`: until the next wake.
    struct awaiter {
        waker& of;
        [[nodiscard]] bool await_ready() const noexcept { return std::exchange(of.remembered_, false); }
        void await_suspend(std::coroutine_handle<> h) const noexcept { of.waiting_ = h; }
        void await_resume() const noexcept {}
    };
    [[nodiscard]] awaiter next() noexcept { return awaiter{*this}; }
    /// `co_await w.yield()`: until everyone else who has something to do has run.
    [[nodiscard]] awaiter yield() noexcept
    {
        wake();
        return awaiter{*this};
    }

private:
    friend class wake_queue;
    wake_queue* queue_;
    waker* before_ = nullptr; ///< not null: queued
    waker* after_ = nullptr;
    std::coroutine_handle<> waiting_;
    bool remembered_ = false;
};

/// The wakers that are to resume in this turn: first all events are noted, then everyone runs once, so that a
/// connection whose two sockets both have news runs once and sees both.
class wake_queue {
public:
    wake_queue() noexcept : head_(*this) { head_.before_ = head_.after_ = &head_; }
    wake_queue(wake_queue const&) = delete;
    wake_queue& operator=(wake_queue const&) = delete;
    ~wake_queue() = default;

    [[nodiscard]] bool empty() const noexcept { return head_.after_ == &head_; }
    /// Resumes everyone who is queued now; who is queued meanwhile runs in the next turn.
    void run()
    {
        waker turn(*this);
        take_all(turn);
        while (turn.after_ != &turn)
            resume(*turn.after_);
    }
    /// Resumes the one that has been queued for longest, if any.
    void run_one()
    {
        if (!empty()) resume(*head_.after_);
    }

private:
    friend class waker;
    static void resume(waker& queued)
    {
        unlink(queued);
        if (queued.waiting_)
            std::exchange(queued.waiting_, nullptr).resume();
        else
            queued.remembered_ = true;
    }
    static void unlink(waker& w) noexcept
    {
        w.before_->after_ = w.after_;
        w.after_->before_ = w.before_;
        w.before_ = w.after_ = nullptr;
    }
    void take_all(waker& ring) noexcept
    {
        if (empty()) {
            ring.before_ = ring.after_ = &ring;
            return;
        }
        ring.before_ = std::exchange(head_.before_, &head_);
        ring.after_ = std::exchange(head_.after_, &head_);
        ring.before_->after_ = ring.after_->before_ = &ring;
    }
    void push(waker& w) noexcept
    {
        w.before_ = head_.before_;
        w.after_ = &head_;
        head_.before_->after_ = &w;
        head_.before_ = &w;
    }

    waker head_; ///< of a ring
};

inline waker::~waker()
{
    if (before_ && this != &queue_->head_) wake_queue::unlink(*this);
}

inline void waker::wake() noexcept
{
    if (!before_) queue_->push(*this);
}

} // namespace gateway
