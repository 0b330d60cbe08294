/// What reached the simulator: the tests' evidence of what the gateway sent, kept for the last 2,000
/// requests.
#pragma once

#include "tests/simulator/bell.hpp"
#include "tests/simulator/head.hpp"

#include <boost/json/array.hpp>

#include <deque>
#include <memory>

namespace simulator {

struct socket_tally {
    std::uint64_t text_received = 0, text_sent = 0;     ///< messages
    std::uint64_t binary_received = 0, binary_sent = 0; ///< messages
    std::uint64_t bytes_received = 0, bytes_sent = 0;   ///< payload of both kinds
    std::uint64_t pings = 0, pongs = 0;                 ///< received
    unsigned close_code = 0;                            ///< 0 until closed; 1006 when it just ended
    std::string close_reason;
    std::string closed_by;               ///< "peer", "simulator", or "nobody" (TCP ended)
    std::deque<std::string> first_texts; ///< the first received text messages
};

struct record {
    std::uint64_t n = 0;
    std::uint64_t connection = 0; ///< which TLS connection carried it
    std::string server_name;      ///< SNI
    std::string method, target, protocol, cartesia_version;
    header_list headers;
    std::uint64_t body_bytes = 0;
    std::string body_sha256; ///< hexadecimal, of what arrived
    std::string body_text;   ///< a short plain-text body, for reading
    bool websocket = false;
    bool complete = false;
    bool aborted = false; ///< the peer left before the answer was complete
    unsigned status = 0;  ///< as answered; 0 when no answer began
    socket_tally socket;

    [[nodiscard]] bool over() const { return complete || aborted; }
};

class recorder {
public:
    static constexpr std::size_t records_max = 2000;

    explicit recorder(bell& changes) : changes_{changes} {}

    std::shared_ptr<record> begin(request_head const& head);
    void end(record& what);
    void clear();

    [[nodiscard]] std::size_t over() const; ///< how many are complete or aborted
    [[nodiscard]] boost::json::array to_json() const;

private:
    bell& changes_;
    std::deque<std::shared_ptr<record>> records_;
    std::uint64_t next_ = 1;
};

} // namespace simulator
