#pragma once
#include "tests/bench/load/http_session.hpp"

#include <string>

namespace bench::load {

/// Requests whose answers are Server-Sent Events, each with the origin's time in it.
class sse_session final : public http_session {
public:
    using http_session::http_session;

private:
    void content(std::string_view bytes) override { text_ += bytes; }
    void read_ends(instant now) override;
    void answer_ends(instant now) override;
    void count_event(std::string_view event, instant now);

    std::string text_; ///< events that have not come to their end
    bool first_ = true;
};

} // namespace bench::load
