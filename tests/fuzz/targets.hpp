#pragma once
#include <string_view>

/// What is fuzzed. Each target takes any bytes and aborts when a promise of the code behind it is broken, or
/// when a second, slow and obvious reader of the same bytes says something else. libFuzzer drives them
/// (entry.cpp), and ctest sends the corpora through them (replay_test.cpp).
namespace fuzz {

void answer(std::string_view bytes);        ///< upstream/answer_reader
void body(std::string_view bytes);          ///< wire/body: the first byte names the framing
void configuration(std::string_view bytes); ///< base/config_reader
void cookie(std::string_view bytes);        ///< policy/cookie: one field a line
void forward(std::string_view bytes);       ///< head -> verdict -> head as it goes upstream
void forwarded(std::string_view bytes);     ///< wire/forwarded, edge/forwarding: the first byte says which
void frames(std::string_view bytes);   ///< wire/frame, wire/close_frame: the first byte names way and limits
void json(std::string_view bytes);     ///< policy/json_members, base/strict_json, both base64url
void key_set(std::string_view bytes);  ///< certs/key_set, certs/signature_keys
void log_line(std::string_view bytes); ///< watch/access_log_line
void own_body(std::string_view bytes); ///< session/own_body, session/revoke_body: the first byte names which
void proxy_header(std::string_view bytes); ///< wire/proxy_header
void request(std::string_view bytes);  ///< wire/request_head, wire/body
void response(std::string_view bytes); ///< wire/response_head, relay/heads, relay/handshake
void sealed_token(
    std::string_view bytes); ///< policy/sealed_token: the first byte says how the token comes about
void signed_token(std::string_view bytes); ///< policy/{app_token,cartesia_token,jws}: likewise
void target(std::string_view bytes);       ///< policy/target, policy/route: the first byte names the method
void tls(std::string_view bytes);          ///< wire/tls_stream: the first byte names the side

} // namespace fuzz
