#pragma once
#include "gateway/base/config.hpp"
#include "gateway/session/revocations.hpp"
#include "gateway/watch/access_log.hpp"
#include "gateway/watch/admin.hpp"

#include <chrono>
#include <string_view>

namespace gateway {

/// Serves POST /revoke of the admin listener: reads what is asked, enters it, notes it in the log. 200 and
/// `{"until":n}`, or 400 and what is wrong.
class revoker {
public:
    /// All must outlive the object.
    revoker(config const& configuration, session::revocations& into, watch::access_log& log) noexcept
        : configuration_(configuration), into_(into), log_(log)
    {
    }
    [[nodiscard]] watch::admin_answer
    revoke(watch::admin_request const& asked, std::chrono::system_clock::time_point at);

private:
    config const& configuration_;
    session::revocations& into_;
    watch::access_log& log_;
};

} // namespace gateway
