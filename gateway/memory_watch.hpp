#pragma once
#include "gateway/base/pressure.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <ostream>
#include <string>

namespace gateway {

/// The pressure when `used` of `budget` bytes are in use, after it was `before`. It rises at 95 and at 98 %,
/// and falls only 2 % lower, so that it does not flap.
[[nodiscard]] pressure pressure_at(std::uint64_t used, std::uint64_t budget, pressure before) noexcept;

/// Three quarters of the machine's memory, or of what this process's control group (version 2) or one above
/// it may have, if that is less: the kernel's buffers for the sockets come out of the rest. `root` stands
/// before the names of the kernel's files.
[[nodiscard]] std::uint64_t usual_memory_budget(std::string const& root = {});

struct memory_options {
    std::uint64_t budget = 0;                           ///< bytes; not 0
    std::function<std::optional<std::uint64_t>()> used; ///< resident bytes now
    std::function<void(pressure)> changed;              ///< called once for each change
    std::chrono::milliseconds every{100};               ///< how often it looks
    std::chrono::milliseconds every_when_near{10};      ///< the same, from 80 % on
};

/// Looks again and again how much memory is in use, tells of each change of pressure, and has the allocator
/// give back what it keeps while there is any. For the control thread alone.
class memory_watch {
public:
    /// `control` and `out` must outlive the object.
    memory_watch(boost::asio::io_context& control, memory_options options, std::ostream& out);

    void start() { look(); }

private:
    void look();
    [[nodiscard]] std::optional<std::uint64_t> measure();
    void tell(std::uint64_t used) const;

    boost::asio::steady_timer timer_;
    memory_options options_;
    std::ostream* out_;
    pressure now_ = pressure::none;
    std::chrono::steady_clock::time_point trimmed_{};
};

} // namespace gateway
