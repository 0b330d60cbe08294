#include "gateway/upstream/answer_reader.hpp"

namespace gateway::upstream {

void answer_reader::feed(std::span<char> bytes)
{
    if (now_ != state::more) return;
    if (status_ != 0) return take(bytes);
    head_.append(bytes.data(), bytes.size());
    read_head();
    if (status_ == 0) return;
    take(head_);
    head_.clear();
}

/// Leaves in `head_` what stands behind the head of the final answer, once that is there.
void answer_reader::read_head()
{
    wire::response_head head;
    for (;;) {
        auto const got =
            wire::read_response_head(head_, wire::response_limits(head_bytes_max), false, scanned_, head);
        if (got.state == wire::head_state::incomplete) return;
        if (got.state == wire::head_state::flawed || head.status == 101) {
            now_ = state::flawed;
            return;
        }
        body_ = wire::body_decoder(head.body, head.content_length);
        auto const interim = head.status < 200;
        if (!interim) {
            status_ = head.status;
            date_ = head.fields.only(field_name::date).value_or("");
        }
        head_.erase(0, got.bytes);
        scanned_ = 0;
        if (!interim) return;
    }
}

void answer_reader::take(std::span<char> bytes)
{
    auto const piece = body_.feed(bytes);
    if (piece.size > body_bytes_max_ - text_.size()) {
        now_ = state::too_large;
        return;
    }
    text_.append(bytes.data() + piece.offset, piece.size);
    if (piece.now == wire::body_decoder::state::flawed) now_ = state::flawed;
    if (body_.done()) now_ = state::whole;
}

void answer_reader::end() noexcept
{
    if (now_ == state::more) now_ = status_ != 0 && body_.ends_with_close() ? state::whole : state::flawed;
}

} // namespace gateway::upstream
