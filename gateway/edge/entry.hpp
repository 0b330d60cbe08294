#pragma once
#include "gateway/edge/desk.hpp"
#include "gateway/relay/forward.hpp"
#include "gateway/relay/tunnel.hpp"
#include "policy/judge.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace gateway::edge {

/// What is known of one request while it is served, and what is said of it when it is over: one log line and
/// its counts. It owns its text: the head is gone by then.
class entry {
public:
    /// `client` outlives the entry, which is about whom it names in the end.
    entry(desk& at, sender const& client);
    entry(entry const&) = delete;
    entry& operator=(entry const&) = delete;
    ~entry() = default;

    void note_request(policy::request const& facts);
    void note_path(std::string_view canonical);
    void note_who(policy::bearer_of_token const& who);
    /// `place`: where its requests are counted.
    void note_row(policy::route const& row, std::size_t place);

    /// Each ends the entry: it is counted and written.
    void refused(unsigned status, std::string_view reason);
    void answered(unsigned status, std::string_view who, std::string_view reason);
    void forwarded(relay::forwarded const& how);
    void tunnelled(relay::forwarded const& opened, relay::tunnelled const& how);

    [[nodiscard]] std::string const& request_id() const noexcept { return request_id_; }
    [[nodiscard]] std::chrono::steady_clock::time_point begun() const noexcept { return begun_; }
    [[nodiscard]] policy::route const* row() const noexcept { return row_; }

private:
    void write(watch::access_record& record);
    void count(unsigned status);

    desk& at_;
    sender const& client_;
    std::string request_id_;
    std::chrono::system_clock::time_point at_time_;
    std::chrono::steady_clock::time_point begun_;
    std::string path_;
    std::string subject_;
    std::string token_id_;
    std::string_view method_;
    std::string_view transport_;
    std::string_view kind_;
    std::string_view source_;
    policy::route const* row_ = nullptr;
    std::size_t place_ = watch::worker_metrics::routes_max;
    bool granted_ = false;
};

} // namespace gateway::edge
