#pragma once
#include <exception>

namespace gateway {

/// For `co_spawn` on the control thread. A coroutine that throws is a bug: it ends the thread's `run` rather
/// than going unseen.
inline void on_end(std::exception_ptr const& thrown)
{
    if (thrown) std::rethrow_exception(thrown);
}

} // namespace gateway
