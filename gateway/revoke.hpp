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
    revoker(session::revocations& into, watch::access_log& log) noexcept : into_(into), log_(log) {}
    [[nodiscard]] watch::admin_answer revoke(
        watch::admin_request const& asked, config const& in_force, std::chrono::system_clock::time_point at);

private:
    session::revocations& into_;
    watch::access_log& log_;
};

} // namespace gateway
