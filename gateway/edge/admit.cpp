#include "gateway/edge/admit.hpp"

#include "policy/target.hpp"

namespace gateway::edge {

namespace {

policy::provenance provenance_of(wire::request_head const& head) noexcept
{
    auto const value_of = [&](field_name name) {
        auto const* const found = head.fields.find(name);
        return found ? std::optional(found->value) : std::nullopt;
    };
    return {
        .host = head.host,
        .origin = value_of(field_name::origin),
        .fetch_site = value_of(field_name::sec_fetch_site),
        .repeated =
            head.fields.repeats(field_name::origin) || head.fields.repeats(field_name::sec_fetch_site),
        .marked = head.fields.find(field_name::voicegate) != nullptr};
}

} // namespace

judged_facts::judged_facts(wire::request_head const& head) noexcept
{
    std::size_t cookies = 0;
    auto const note_once = [this](std::optional<std::string_view>& place, std::string_view value) {
        if (place) ambiguity_ = policy::denial::conflicting_credentials;
        place = value;
    };
    for (auto const& f : head.fields.all()) {
        if (f.known == field_name::authorization) note_once(request_.authorization, f.value);
        if (f.known == field_name::x_api_key) note_once(request_.api_key_field, f.value);
        if (f.known != field_name::cookie) continue;
        if (cookies < cookies_.size())
            cookies_[cookies++] = f.value;
        else
            ambiguity_ = policy::denial::malformed_cookie;
    }
    request_.verb = policy::read_method(head.method);
    request_.raw_target = head.target;
    request_.over = head.websocket ? policy::transport::websocket : policy::transport::http;
    request_.cookie_fields = {cookies_.data(), cookies};
    request_.came = provenance_of(head);
}

fault fault_for(wire::head_flaw why) noexcept
{
    switch (why) {
    case wire::head_flaw::version:
        return fault::version_not_supported;
    case wire::head_flaw::target_too_long:
        return fault::target_too_long;
    case wire::head_flaw::too_long:
    case wire::head_flaw::too_many_fields:
        return fault::head_too_large;
    case wire::head_flaw::upgrade:
        return fault::malformed_upgrade;
    case wire::head_flaw::expectation:
        return fault::expectation_failed;
    case wire::head_flaw::request_line:
    case wire::head_flaw::field_line:
    case wire::head_flaw::host:
    case wire::head_flaw::framing:
    case wire::head_flaw::status_line:
        break;
    }
    return fault::malformed_head;
}

bool is_preflight(wire::request_head const& head) noexcept
{
    return head.method == "OPTIONS" && head.fields.find(field_name::origin) &&
           head.fields.find(field_name::access_control);
}

bool is_form(wire::request_head const& head) noexcept
{
    auto const* const type = head.fields.find(field_name::content_type);
    return type && type->value.starts_with("multipart/");
}

error_form form_of(wire::request_head const& head) noexcept
{
    auto const question = head.target.find('?');
    if (question != std::string_view::npos) {
        auto const version = policy::find_query_value(head.target.substr(question + 1), "cartesia_version");
        if (version) return form_for(version);
    }
    auto const* const f = head.fields.find(field_name::cartesia_version);
    return form_for(f ? std::optional(f->value) : std::nullopt);
}

} // namespace gateway::edge
