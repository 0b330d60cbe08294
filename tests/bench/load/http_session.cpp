#include "tests/bench/load/http_session.hpp"

#include "tests/bench/load/connection.hpp"
#include "tests/bench/load/statistics.hpp"

namespace bench::load {

http_session::http_session(options const& given, script const& texts, statistics& counts)
    : given_(&given), texts_(&texts), counts_(&counts)
{
}

step http_session::opened(connection& on, instant now)
{
    if (given_->stagger == seconds{0}) return ask(on);
    auto const share = static_cast<double>(on.number()) / static_cast<double>(given_->connections);
    on.wake_at(now + std::chrono::duration_cast<nanoseconds>(given_->stagger * share));
    return step::go_on;
}

step http_session::due(connection& on, instant) { return ask(on); }

step http_session::ask(connection& on)
{
    asked_at_ = clock::now();
    return on.send(texts_->request);
}

step http_session::received(connection& on, std::string_view bytes, instant now)
{
    counts_->received(bytes.size());
    while (!bytes.empty()) {
        auto const piece = reader_.take(bytes);
        bytes.remove_prefix(piece.used);
        content(piece.body);
        if (!piece.complete) continue;
        if (auto const next = answered(on, now); next != step::go_on) return next;
    }
    read_ends(now);
    return step::go_on;
}

step http_session::answered(connection& on, instant now)
{
    read_ends(now);
    answer_ends(now);
    counts_->answered(reader_.status());
    if (is_idle(given_->kind)) return step::settle;
    return reader_.closes() ? step::reopen : ask(on);
}

void http_session::answer_ends(instant now) { counts_->operation_took(now - asked_at_); }

} // namespace bench::load
