#pragma once
#include "gateway/wire/head.hpp"

#include <cstddef>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

/// The raw requests of `tests/data/http1_raw.jsonl`, and what the readers make of one.
namespace gateway::wire::test {

struct corpus_row {
    std::string id;
    std::string kind;
    std::string verdict;
    std::string bytes;
    std::optional<std::string> body;
    bool then_reject = false; ///< accepted, and refused is what comes behind
    bool then_close = false;  ///< the connection ends behind these bytes
};

std::ostream& operator<<(std::ostream& out, corpus_row const& row);

std::vector<corpus_row> const& corpus();

/// What becomes of a connection on which some bytes came.
struct judgement {
    enum class end : std::uint8_t { between_messages, in_head, in_body, head_flaw, body_flaw, tunnel };

    end how = end::between_messages;
    head_flaw flaw{};
    std::size_t messages = 0; ///< that were whole
    std::string body;         ///< of the first

    friend bool operator==(judgement const&, judgement const&) = default;
};

std::ostream& operator<<(std::ostream& out, judgement const& j);

/// Reads one message after the other, `step` bytes at a time.
judgement judge(std::string_view bytes, std::size_t step);

} // namespace gateway::wire::test
