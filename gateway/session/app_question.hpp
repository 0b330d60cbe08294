#pragma once
#include "certs/secret.hpp"
#include "gateway/base/config.hpp"
#include "gateway/wire/head.hpp"

#include <span>
#include <string_view>

namespace gateway::session {

/// Who asks for a session.
struct asking {
    wire::request_head const& head;
    std::span<std::string_view const> cookie_fields;
    std::string_view own_cookie; ///< name of the gateway's own, whose token is nobody else's business
    std::string_view client;     ///< the peer's address
    std::string_view request_id;
};

/// The whole request that asks the app's backend who that is: a POST without a body, so that nothing between
/// the two answers from a cache. It carries the browser's cookies but the gateway's own, `Origin`, the fields
/// that the configuration names, and `X-Forwarded-…` and `X-Request-Id` of the gateway's own. A bearer token
/// is never among them.
[[nodiscard]] certs::secret write_app_question(authorize_config const& app, asking const& who);

} // namespace gateway::session
