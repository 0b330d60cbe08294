#pragma once
#include "gateway/base/deadlines.hpp"
#include "gateway/base/reply.hpp"

#include <chrono>
#include <optional>

namespace gateway::relay {

/// How long a stream may go on. Its owner wakes the stream when something changes.
class stream_term {
public:
    std::chrono::milliseconds granted{}; ///< from the stream's beginning
    std::optional<stream_end> ordered{}; ///< an end from outside

    /// How much time there is when what was granted has passed: more, if the session was renewed meanwhile.
    [[nodiscard]] virtual std::chrono::milliseconds left() = 0;

protected:
    stream_term() = default;
    ~stream_term() = default;
    stream_term(stream_term const&) = delete;
    stream_term& operator=(stream_term const&) = delete;
};

/// Watches over one stream's term while it runs.
class term_watch {
public:
    term_watch(stream_term& of, deadlines& wheel, waker& owner) noexcept : of_(of), until_(wheel, owner)
    {
        until_.arm(of.granted);
    }

    /// Why the stream is to end now, if it is.
    [[nodiscard]] std::optional<stream_end> over()
    {
        if (of_.ordered) return of_.ordered;
        if (!until_.passed()) return std::nullopt;
        auto const left = of_.left();
        if (left.count() <= 0) return stream_end::token_ended;
        until_.arm(left);
        return std::nullopt;
    }

private:
    stream_term& of_;
    deadline until_;
};

} // namespace gateway::relay
