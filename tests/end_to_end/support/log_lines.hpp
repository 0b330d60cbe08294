/// What the access log says of one request.
#pragma once
#include "tests/end_to_end/support/gateway.hpp"

#include <boost/json.hpp>

namespace e2e {

/// The address that the log has for a request: by its `X-Request-Id`, in an answer of the gateway's own, or as
/// it went up.
template <class Head>
[[nodiscard]] std::string logged_client(gateway const& at, Head const& of)
{
    auto const id = "\"" + of.value("x-request-id") + "\"";
    auto const log = at.await_log(id);
    auto const begin = log.rfind('\n', log.find(id)) + 1;
    auto const line = log.substr(begin, log.find('\n', begin) - begin);
    return std::string(boost::json::parse(line).at("client").as_string());
}

} // namespace e2e
