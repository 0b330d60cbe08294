#pragma once
#include "policy/denial.hpp"
#include "policy/route.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace policy {

/// What a request says of the page that sent it. `Origin` (RFC 6454 §7) and `Sec-Fetch-Site` (Fetch Metadata
/// §2.4) are the browser's own words, which no page can change. Views point into the head.
struct provenance {
    std::string_view host{}; ///< `Host`, with its port
    std::optional<std::string_view> origin{};
    std::optional<std::string_view> fetch_site{};
    bool repeated = false; ///< one of the two came more than once
    bool marked = false;   ///< `X-Voicegate` came with it
};

/// Why the sender is foreign, whatever the request is. Pages of the gateway's own host may send (`https`, the
/// same name and port as in `Host`), and those of an origin in `listed`, which are exact and as browsers
/// write them: lower case, no default port.
///   origin_not_allowed  `Origin` is none of these (so also "null" and what is malformed), or came twice
///   cross_site_request  no listed `Origin`, and `Sec-Fetch-Site` says neither "same-origin" nor "none"
[[nodiscard]] std::optional<denial>
flaw_in_sender(provenance const& from, std::span<std::string const> listed) noexcept;

/// Why a request may not act on a cookie, which a browser adds by itself whoever makes it send: the sender is
/// foreign, or nothing shows that it is not (`origin_unproven`). An allowed `Origin` shows it, so does
/// `Sec-Fetch-Site: same-origin`, and so does `X-Voicegate`: another origin's page can set a field of its own
/// only after a preflight, which is answered for listed origins alone (Fetch §4.8). Without any of them pass
/// - GET, HEAD and OPTIONS over HTTP: they change nothing, and no foreign page can read their answers;
/// - a WebSocket handshake without `Sec-Fetch-Site`: it is no browser's, for they all send `Origin` with it
///   (RFC 6455 §4.1). Beside "none" it is refused: nobody opens a WebSocket by hand.
[[nodiscard]] std::optional<denial> flaw_in_cookie_use(
    provenance const& from, method verb, transport over, std::span<std::string const> listed) noexcept;

} // namespace policy
