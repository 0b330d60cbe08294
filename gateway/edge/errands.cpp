#include "gateway/edge/errands.hpp"

#include <cerrno>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace gateway::edge {

errands::errands() : bell_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))
{
    if (bell_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

errands::~errands() { close(bell_); }

void errands::ask(std::function<void()> errand)
{
    std::scoped_lock const lock(guard_);
    asked_.push_back(std::move(errand));
    eventfd_write(bell_, 1);
}

std::vector<std::function<void()>> errands::take()
{
    std::scoped_lock const lock(guard_);
    eventfd_t rung = 0;
    eventfd_read(bell_, &rung);
    return std::exchange(asked_, {});
}

} // namespace gateway::edge
