/// Who calls, and whether they may (contract §2 to §4).
#pragma once

#include "tests/simulator/head.hpp"
#include "tests/simulator/problem.hpp"
#include "tests/simulator/token.hpp"

#include <variant>

namespace simulator {

enum class need { nothing, any_credential, api_key, admin_key, tts, stt, agent };

struct caller {
    bool token = false; ///< an access token rather than a key
    claims rights;      ///< of the token
};

struct keyring {
    std::string_view api_key;
    token_maker const& tokens;
};

inline constexpr std::string_view admin_api_key = "sk_car_admin_simulator";

/// Looks where Cartesia looks, first found counts: query `access_token` (WebSocket only), `Authorization:
/// Bearer`, `X-API-Key`, query `api_key` (WebSocket only). Refuses with 401 what is absent, unknown, forged
/// or over, and with 403 what is genuine but of the wrong kind or without the grant.
[[nodiscard]] std::variant<caller, problem>
admit(keyring const& keys, request_head const& head, need what, std::int64_t now);

/// The version that words the answer: the query's on a WebSocket, else the header's.
[[nodiscard]] std::string cartesia_version(request_head const& head);

} // namespace simulator
