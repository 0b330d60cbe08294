/// Where a request's body ends: by length or by chunks, without holding more than one piece.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace simulator {

struct request_head;

class body_framing {
public:
    explicit body_framing(request_head const& head);

    struct step {
        std::size_t used = 0;   ///< bytes of the input that are dealt with
        std::string_view piece; ///< body bytes among them, pointing into the input
    };

    /// Takes what it can from the front of `input`; `used` 0 means more input is needed.
    /// Nothing when the chunks are malformed (a line over 4 KiB counts as such).
    [[nodiscard]] std::optional<step> take(std::string_view input);

    [[nodiscard]] bool done() const { return state_ == state::done; }

private:
    enum class state { length, chunk_size, chunk_data, chunk_end, trailer, done };

    [[nodiscard]] std::optional<step> take_line(std::string_view input);
    [[nodiscard]] bool read_chunk_size(std::string_view line);

    state state_ = state::done;
    std::uint64_t left_ = 0;
};

} // namespace simulator
