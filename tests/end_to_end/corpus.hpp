/// The shared corpora of hostile requests (tests/data/*.jsonl): one JSON object in each line.
#pragma once
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace e2e {

enum class verdict : std::uint8_t { accept, reject, either, wait };

/// A request as raw bytes. `@@AUTH@@` and the like stand for what only the test knows.
struct raw_row {
    std::string id;
    std::string kind; ///< "framing", "host", …
    verdict wanted = verdict::either;
    std::string bytes;
    bool in_clear = false;
    bool half_close = false; ///< the client ends its stream behind the request
    std::string split;       ///< "", "each" byte, behind each "cr", or "tail"
    std::vector<long> cuts;  ///< for "tail": where, counted from the end
    std::size_t answers = 1;
    bool then_reject = false;        ///< the second answer must be a refusal
    bool switches = false;           ///< 101 is what accepts it
    bool no_body = false;            ///< the answer has none
    std::vector<unsigned> statuses;  ///< also good for a `reject`
    std::optional<std::string> body; ///< that must reach the upstream
    std::optional<std::size_t> upstream_max;
    std::size_t complete_upstream_max = 0;
    std::vector<std::string> must_not_forward;
    std::vector<std::string> must_not_forward_target;
};

struct path_row {
    std::string id;
    std::string method;
    std::string target;
    bool websocket = false;
    std::string grant;                    ///< "tts", "stt", "agent" or "deny"
    std::vector<std::string> or_else;     ///< other answers that are as good
    std::optional<std::string> forwarded; ///< the target that must reach the upstream
};

struct cookie_row {
    std::string id;
    std::vector<std::string> fields;
    bool may_find = false;  ///< finding the token is right
    bool must_find = false; ///< and not finding it is wrong
};

std::ostream& operator<<(std::ostream& out, raw_row const& row);
std::ostream& operator<<(std::ostream& out, path_row const& row);
std::ostream& operator<<(std::ostream& out, cookie_row const& row);

[[nodiscard]] std::vector<raw_row> read_raw_rows();
[[nodiscard]] std::vector<path_row> read_path_rows();
[[nodiscard]] std::vector<cookie_row> read_cookie_rows();

[[nodiscard]] std::string replaced(std::string text, std::string_view what, std::string_view by);

} // namespace e2e
