#include "gateway/edge/entry.hpp"

namespace gateway::edge {

namespace {

std::string_view log_name(policy::token_kind kind) noexcept
{
    switch (kind) {
    case policy::token_kind::sealed:
        return "sealed";
    case policy::token_kind::cartesia:
        return "cartesia";
    case policy::token_kind::signed_by_app:
        return "jwt";
    }
    return "unknown";
}

/// What of `status` the metrics tell apart.
std::size_t status_class(unsigned status) noexcept
{
    auto const hundreds = status / 100;
    return hundreds < watch::worker_metrics::status_classes ? hundreds : 0;
}

} // namespace

entry::entry(desk& at, sender const& client)
    : at_(at),
      client_(client),
      request_id_(at.ids.next()),
      at_time_(std::chrono::system_clock::now()),
      begun_(std::chrono::steady_clock::now())
{
}

void entry::note_request(policy::request const& facts)
{
    method_ = policy::name(facts.verb);
    transport_ = facts.over == policy::transport::websocket ? "websocket" : "http";
}

void entry::note_path(std::string_view canonical) { path_ = canonical; }

void entry::note_who(policy::bearer_of_token const& who)
{
    subject_ = who.about.sub;
    token_id_ = who.about.jti;
    kind_ = log_name(who.kind);
    source_ = policy::log_name(who.from);
}

void entry::note_row(policy::route const& row, std::size_t place)
{
    row_ = &row;
    place_ = place;
    granted_ = true;
}

void entry::count(unsigned status) { at_.metrics.requests[place_][status_class(status)].add(); }

void entry::write(watch::access_record& record)
{
    count(record.status);
    if (!at_.around.log.on()) return;
    record.at = at_time_;
    record.request_id = request_id_;
    record.client = client_.text;
    record.method = method_;
    record.path = path_;
    record.route = row_ ? row_->path : std::string_view{};
    record.transport = transport_;
    record.granted = granted_;
    record.token_kind = kind_;
    record.token_source = source_;
    record.subject = subject_;
    record.token_id = token_id_;
    record.duration = std::chrono::steady_clock::now() - begun_;
    watch::append_line(at_.log_lines, record);
    ++at_.log_lines_count;
}

void entry::refused(unsigned status, std::string_view reason) { answered(status, {}, reason); }

void entry::answered(unsigned status, std::string_view who, std::string_view reason)
{
    watch::access_record record;
    record.status = status;
    record.reason = reason;
    if (!who.empty()) subject_ = who;
    write(record);
}

void entry::forwarded(relay::forwarded const& how)
{
    watch::access_record record;
    record.status = how.status;
    if (how.failed) record.reason = how.client_left ? "client_left" : gateway::log_name(*how.failed);
    if (how.ended) record.reason = gateway::log_name(*how.ended);
    record.bytes_in = how.bytes_up;
    record.bytes_out = how.bytes_down;
    if (how.first_byte.time_since_epoch().count() != 0) {
        record.first_byte = how.first_byte - begun_;
        at_.metrics.time_to_first_byte[how.events ? 1 : 0].record(record.first_byte);
    }
    at_.metrics.request_duration.record(std::chrono::steady_clock::now() - begun_);
    write(record);
}

void entry::tunnelled(relay::forwarded const& opened, relay::tunnelled const& how)
{
    watch::access_record record;
    record.status = opened.status;
    record.bytes_in = how.bytes_up;
    record.bytes_out = how.bytes_down;
    record.first_byte = opened.first_byte - begun_;
    if (how.first_answer) at_.metrics.time_to_first_byte[2].record(*how.first_answer);
    record.close_code = how.code;
    record.closed_by = how.closed_by;
    if (how.why) record.reason = gateway::log_name(*how.why);
    write(record);
}

} // namespace gateway::edge
