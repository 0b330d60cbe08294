#pragma once
#include "tests/bench/load/response_reader.hpp"
#include "tests/bench/load/script.hpp"
#include "tests/bench/load/session.hpp"

namespace bench::load {

/// A request, its answer, and the next request; or silence after the first.
class http_session : public session {
public:
    http_session(options const& given, script const& texts, statistics& counts);

    step opened(connection& on, instant now) override;
    step received(connection& on, std::string_view bytes, instant now) override;
    step due(connection& on, instant now) override;

protected:
    /// Content as it comes; `now` is when it was read.
    virtual void content(std::string_view) {}
    virtual void read_ends(instant) {}
    virtual void answer_ends(instant now);

    [[nodiscard]] instant asked_at() const { return asked_at_; }
    [[nodiscard]] statistics& counts() const { return *counts_; }

private:
    [[nodiscard]] step ask(connection& on);
    [[nodiscard]] step answered(connection& on, instant now);

    options const* given_;
    script const* texts_;
    statistics* counts_;
    response_reader reader_;
    instant asked_at_;
};

} // namespace bench::load
