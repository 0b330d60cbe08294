/// The upstream of the tests: `cartesia-sim` (tests/simulator/README.md), its faults and what it saw.
#pragma once
#include "tests/end_to_end/support/http.hpp"
#include "tests/end_to_end/support/process.hpp"

#include <boost/json/object.hpp>

namespace e2e {

/// What the simulator noted about one request.
struct seen_request {
    std::string method;
    std::string target;
    fields all; ///< as they came
    std::uint64_t connection = 0;
    std::string server_name;
    std::uint64_t body_bytes = 0;
    std::string body_sha256;
    std::string body; ///< when short and plain
    bool complete = false;
    bool aborted = false;
    unsigned status = 0;
    boost::json::object websocket;

    [[nodiscard]] std::string value(std::string_view name) const;
    [[nodiscard]] std::size_t count(std::string_view name) const;
    [[nodiscard]] std::string text() const;                         ///< target and fields, for searching
    [[nodiscard]] std::uint64_t tally(std::string_view name) const; ///< a number in `websocket`
    [[nodiscard]] std::string word(std::string_view name) const;    ///< a text in `websocket`
};

class simulator {
public:
    static constexpr std::string_view api_key = "sk_car_canary_api_key_5d1f";

    /// `certificate` and `key`: files.
    simulator(
        scratch_directory const& where,
        std::string const& certificate,
        std::string const& key,
        std::vector<std::string> const& more = {});

    [[nodiscard]] std::uint16_t port() const { return port_; }

    /// Replaces all fault rules: a JSON array.
    void faults(std::string_view rules) const;
    void clear() const;   ///< forgets faults and requests
    void forget() const;  ///< forgets requests
    void release() const; ///< waits until something is held, then lets it go on
    void await_held() const;
    /// Everything that reached it since `clear`, oldest first, less the gateway's own `/access-token` calls.
    [[nodiscard]] std::vector<seen_request> requests() const;
    [[nodiscard]] std::vector<seen_request> token_requests() const;
    /// The same, once `count` of them are over (complete or aborted).
    [[nodiscard]] std::vector<seen_request> requests_over(std::size_t count) const;
    void await_state(std::string_view name, std::uint64_t value) const;
    [[nodiscard]] std::uint64_t state(std::string_view name) const;
    void close_websockets(unsigned code, std::string_view reason) const;
    [[nodiscard]] std::uint64_t drop_connections() const;

    /// A token that Cartesia minted: from its own POST /access-token, with the API key.
    [[nodiscard]] std::string mint(std::string_view grants_json, seconds life = seconds{600}) const;

private:
    [[nodiscard]] boost::json::value
    control(std::string_view method, std::string_view target, std::string_view body = {}) const;
    [[nodiscard]] std::vector<seen_request> all_requests(std::string_view target) const;

    process process_;
    std::uint16_t port_ = 0;
    std::uint16_t control_port_ = 0;
};

/// The number behind `name=` in a line such as "x ready https=1 control=2".
[[nodiscard]] std::uint16_t port_in(std::string_view line, std::string_view name);

} // namespace e2e
