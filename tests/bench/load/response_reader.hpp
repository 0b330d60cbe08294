#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace bench::load {

/// HTTP/1.1 responses as they come, with `Content-Length` or chunked. Reads what proxies answer on purpose;
/// it is no judge of bad ones.
class response_reader {
public:
    struct piece {
        std::size_t used = 0;  ///< bytes of the input
        std::string_view body; ///< what of them is content
        bool complete = false; ///< the response ends here
    };

    /// Reads one step further. To be called until the input is used up.
    [[nodiscard]] piece take(std::string_view bytes);

    [[nodiscard]] int status() const { return status_; }
    [[nodiscard]] bool closes() const { return closes_; } ///< the proxy said `Connection: close`

private:
    enum class part { head, sized_body, chunk_size, chunk, chunk_end, trailers };

    piece take_head(std::string_view bytes);
    piece take_body(std::string_view bytes);
    piece take_chunk_size(std::string_view bytes);
    piece take_chunk_end(std::string_view bytes);
    piece take_trailer(std::string_view bytes);
    piece take_line(std::string_view bytes);

    part at_ = part::head;
    std::string text_; ///< a head or a line that has not come to its end
    std::size_t left_ = 0;
    int status_ = 0;
    bool closes_ = false;
};

} // namespace bench::load
