#include "tests/end_to_end/support/simulator.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cstdlib>

namespace e2e {

namespace json = boost::json;

namespace {

constexpr std::string_view minting_path = "/access-token";

std::string program()
{
    auto const* const other = std::getenv("CARTESIA_SIM_PROGRAM");
    return other ? other : CARTESIA_SIM_PROGRAM;
}

std::vector<std::string>
command(std::string const& certificate, std::string const& key, std::vector<std::string> const& more)
{
    std::vector<std::string> out{
        program(),
        "--cert",
        certificate,
        "--key",
        key,
        "--api-key",
        std::string(simulator::api_key),
        "--set-cookie"};
    out.insert(out.end(), more.begin(), more.end());
    return out;
}

std::string text_of(json::object const& in, std::string_view key)
{
    auto const* const found = in.if_contains(key);
    return found && found->is_string() ? std::string(found->get_string()) : std::string{};
}

std::uint64_t number_of(json::object const& in, std::string_view key)
{
    auto const* const found = in.if_contains(key);
    return found && found->is_number() ? found->to_number<std::uint64_t>() : 0;
}

seen_request read_record(json::object const& from)
{
    seen_request out;
    out.method = text_of(from, "method");
    out.target = text_of(from, "target");
    for (auto const& pair : from.at("headers").as_array())
        out.all.push_back({std::string(pair.at(0).as_string()), std::string(pair.at(1).as_string())});
    out.connection = number_of(from, "connection");
    out.server_name = text_of(from, "sni");
    out.body_bytes = number_of(from, "body_bytes");
    out.body_sha256 = text_of(from, "body_sha256");
    out.body = text_of(from, "body");
    out.complete = from.at("complete").as_bool();
    out.aborted = from.at("aborted").as_bool();
    out.status = static_cast<unsigned>(number_of(from, "status"));
    if (auto const* socket = from.at("websocket").if_object()) out.websocket = *socket;
    return out;
}

answer as_answer(fields const& all)
{
    answer out;
    out.all = all;
    return out;
}

} // namespace

std::string seen_request::value(std::string_view name) const { return as_answer(all).value(name); }

std::size_t seen_request::count(std::string_view name) const { return as_answer(all).count(name); }

std::string seen_request::text() const
{
    auto out = method + " " + target + "\n";
    for (auto const& f : all)
        out.append(f.name).append(": ").append(f.value).append("\n");
    return out + body;
}

std::uint64_t seen_request::tally(std::string_view name) const { return number_of(websocket, name); }

std::string seen_request::word(std::string_view name) const { return text_of(websocket, name); }

std::uint16_t port_in(std::string_view line, std::string_view name)
{
    auto const key = std::string(" ").append(name).append("=");
    auto const at = line.find(key);
    if (at == std::string_view::npos) throw std::runtime_error("no port in: " + std::string(line));
    return static_cast<std::uint16_t>(std::stoul(std::string(line.substr(at + key.size()))));
}

simulator::simulator(
    scratch_directory const& where,
    std::string const& certificate,
    std::string const& key,
    std::vector<std::string> const& more)
    : process_(command(certificate, key, more), where.path("simulator.stderr"))
{
    auto const line = process_.next_line();
    port_ = port_in(line, "https");
    control_port_ = port_in(line, "control");
}

json::value simulator::control(std::string_view method, std::string_view target, std::string_view body) const
{
    client_options plain;
    plain.tls = false;
    auto const got =
        ask(control_port_,
            request(
                method,
                target,
                {
                    {"Connection", "close"}
    },
                body),
            plain);
    if (got.status >= 300)
        throw std::runtime_error("the simulator refuses " + std::string(target) + ": " + got.body);
    return got.body.empty() ? json::value{} : json::parse(got.body);
}

void simulator::faults(std::string_view rules) const { (void)control("PUT", "/faults", rules); }

void simulator::clear() const
{
    (void)control("DELETE", "/faults");
    forget();
}

void simulator::forget() const { (void)control("DELETE", "/requests"); }

void simulator::await_state(std::string_view name, std::uint64_t value) const
{
    auto const target = "/state/wait?field=" + std::string(name) + "&value=" + std::to_string(value) +
                        "&ms=" + std::to_string(patience.count());
    auto const state = control("GET", target);
    if (number_of(state.as_object(), name) != value)
        throw timed_out(
            std::string(name) + " = " + std::to_string(value) +
            " at the simulator: " + json::serialize(state));
}

std::uint64_t simulator::state(std::string_view name) const
{
    auto const all = control("GET", "/state");
    return number_of(all.as_object(), name);
}

void simulator::await_held() const { await_state("held", 1); }

void simulator::release() const
{
    await_held();
    (void)control("POST", "/release");
}

std::vector<seen_request> simulator::all_requests(std::string_view target) const
{
    std::vector<seen_request> out;
    auto const all = control("GET", target);
    for (auto const& one : all.as_array())
        out.push_back(read_record(one.as_object()));
    return out;
}

std::vector<seen_request> simulator::requests() const
{
    auto out = all_requests("/requests");
    std::erase_if(out, [](seen_request const& one) { return one.target == minting_path; });
    return out;
}

std::vector<seen_request> simulator::token_requests() const
{
    auto out = all_requests("/requests");
    std::erase_if(out, [](seen_request const& one) { return one.target != minting_path; });
    return out;
}

std::vector<seen_request> simulator::requests_over(std::size_t count) const
{
    deadline const until;
    for (auto beside = std::size_t{0};;) {
        auto const target =
            "/requests/wait?count=" + std::to_string(count + beside) + "&ms=" + std::to_string(until.left());
        auto all = all_requests(target);
        beside = static_cast<std::size_t>(std::ranges::count(all, minting_path, &seen_request::target));
        std::erase_if(all, [](seen_request const& one) { return one.target == minting_path; });
        auto const over =
            std::ranges::count_if(all, [](seen_request const& one) { return one.complete || one.aborted; });
        if (static_cast<std::size_t>(over) >= count) return all;
        if (until.passed())
            throw timed_out(
                std::to_string(count) + " requests at the simulator; it saw " + std::to_string(over));
    }
}

void simulator::close_websockets(unsigned code, std::string_view reason) const
{
    (void)control(
        "POST", "/close-websockets?code=" + std::to_string(code) + "&reason=" + std::string(reason));
}

std::uint64_t simulator::drop_connections() const
{
    return number_of(control("POST", "/drop-connections").as_object(), "dropped");
}

std::string simulator::mint(std::string_view grants_json, seconds life) const
{
    auto const body =
        "{\"grants\":" + std::string(grants_json) + ",\"expires_in\":" + std::to_string(life.count()) + "}";
    auto const got =
        ask(port_,
            request(
                "POST",
                minting_path,
                {
                    {"X-API-Key", std::string(api_key)}
    },
                body));
    return std::string(json::parse(got.body).at("token").as_string());
}

} // namespace e2e
