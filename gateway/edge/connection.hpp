#pragma once
#include "gateway/base/reply.hpp"
#include "gateway/base/task.hpp"
#include "gateway/edge/admit.hpp"
#include "gateway/edge/desk.hpp"
#include "gateway/edge/entry.hpp"
#include "gateway/relay/forward.hpp"
#include "gateway/relay/tunnel.hpp"
#include "gateway/wire/tls_stream.hpp"

#include <boost/intrusive/list_hook.hpp>

#include <optional>
#include <span>
#include <string>

namespace gateway::edge {

/// One client's connection, from its first byte to its last: handshake, then one request after another, each
/// read, judged, and refused, answered or forwarded. One coroutine, on one worker.
class connection final : public boost::intrusive::list_base_hook<>, private relay::stream_term {
public:
    /// Takes `descriptor` over. When its life is over it tells `desk::ended`, once.
    connection(desk& at, int descriptor, sender peer, connection_counts::seat seat, bool expects_tls);

    void start() { life_.start(); }
    /// Ends it from outside: a stream or an answer under way with `why`, and what waits for a request at
    /// once.
    void end(stream_end why);
    /// Looks anew whether it may wait for another request (`desk::draining`).
    void look_up() { wake_.wake(); }
    /// Looks again for the upstream credential that it waits for, if it does.
    void credentials_changed();
    /// Ends the stream that it carries, if `revoked` has its token; says whether it did.
    bool end_if_revoked(policy::revocation_list const& revoked, policy::seconds_since_epoch now);

private:
    enum class heard : std::uint8_t { head, flaw, timeout, end };
    enum class after : std::uint8_t {
        next,  ///< the connection goes on with the next request
        close, ///< the answer was the last one
        cut,   ///< a body was cut and must look so (RFC 9112 §8): no last chunk, no close_notify
    };

    task<> live();
    task<bool> hear_proxy_header();
    [[nodiscard]] bool introduce(std::optional<ip_address> const& source);
    task<bool> begins_with_tls();
    task<bool> shake_hands();
    void note_failed_handshake() noexcept;
    task<> serve_requests();
    task<> refuse_plain_http();
    task<std::optional<session::app_answer>> ask_app(certs::secret question);
    [[nodiscard]] certs::secret
    question_for(wire::request_head const& head, policy::request const& facts, entry const& line) const;
    void note_effects(session::outcome const& result);
    void burn_tokens(wire::request_head const& head, entry& line);
    [[nodiscard]] boost::system::result<policy::admission, policy::denial>
    decide(judged_facts const& facts, std::chrono::steady_clock::time_point now);
    /// What is held against the client at this time.
    [[nodiscard]] caution standing_at(std::chrono::steady_clock::time_point now) const noexcept
    {
        return {at_.around.guard, client_.key, now};
    }
    void note_failure(caution& of);
    [[nodiscard]] bool is_new_here(std::string_view token) noexcept;
    void note_verdict(std::string_view token, bool is_new, relay::forwarded const& result);
    [[nodiscard]] std::string
    conclude_own(session::outcome const& result, reply_context const& how, entry& line);

    void take_terms_in_force();
    task<heard> hear_head();
    task<after> serve();
    task<after> refuse(refusal words, reply_context how, std::string_view reason, entry& line);
    task<after> refuse_denied(policy::denial why, reply_context how, entry& line);
    task<after> refuse_fault(fault why, reply_context how, entry& line);
    std::optional<fault> hear_of_client(wire::request_head const& head);
    task<after> refuse_introduced(fault why, entry& line);
    task<after> refuse_under_pressure(wire::request_head const& head, entry& line);
    task<after> answer_own(session::endpoint_name which, entry& line);
    task<after> answer_preflight(std::string_view path, entry& line);
    /// A WebSocket that was opened is left in `result`.
    task<after> pass_on(policy::admission const& permit, entry& line, relay::forwarded& result);
    /// Nothing: it is at hand now, and the request is in memory as it was.
    task<std::optional<after>> await_credential(policy::bearer_of_token const& who, entry& line);
    void put_back_request();
    task<> carry_stream(relay::forwarded& opened, entry& line, stream_voice voice);
    /// The answer to a request, or what stands in its place, has ended.
    task<after> conclude(relay::forwarded const& result, reply_context how, entry& line);
    std::chrono::milliseconds left() override;
    /// Another request may follow on this connection.
    [[nodiscard]] bool may_go_on() const noexcept { return !at_.draining && !ordered; }
    task<std::optional<fault>>
    read_own_body(wire::body_decoder body, bool expects_continue, std::string& into);
    task<bool> send(std::string bytes);
    task<> linger();

    [[nodiscard]] relay::exchange
    prepare(policy::admission const& permit, std::string_view bearer, entry const& line) const;
    void begin_term(policy::bearer_of_token const& who);
    void renew_on_use(policy::bearer_of_token const& who, relay::exchange& what) const;
    [[nodiscard]] reply_context
    reply_for(wire::request_head const& head, entry const& line, bool keep_alive) const;
    [[nodiscard]] bool skip_body(wire::request_head const& head);
    [[nodiscard]] std::optional<policy::grant> needed_grant(policy::request const& of) const;
    void note_upstream(relay::forwarded const& how);
    void forget_head() noexcept;
    void keep_unread();

    desk& at_;
    boost::intrusive_ptr<terms> terms_; ///< of the request that is under way; none while it idles
    waker wake_;
    deadline timer_;
    wire::socket socket_;
    std::optional<wire::tls_stream> tls_;
    ip_address peer_;    ///< or whom the header of the PROXY protocol names in its place
    bool peer_is_proxy_; ///< what it says of its clients counts
    sender client_;      ///< of the request under way
    connection_counts::seat seat_;
    std::uint64_t proven_end_ = 0; ///< of the token that was good here last
    std::string unread_;           ///< what was read and not used, when it has to outlive a turn
    std::span<char> rest_;         ///< what came behind the head that is being served; in the worker's memory
    std::size_t head_bytes_ = 0;
    wire::head_flaw flaw_{};
    policy::bearer_of_token const* bearer_ = nullptr; ///< of the request or stream that is under way
    bool expects_tls_;
    bool awaits_credential_ = false;
    task<> life_;
};

} // namespace gateway::edge
