#include "tests/end_to_end/support/gateway.hpp"

#include <array>
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <cstdlib>
#include <openssl/evp.h>

namespace e2e {

namespace json = boost::json;

namespace {

void merge(json::object& into, json::object const& changes)
{
    for (auto const& [key, value] : changes) {
        auto* const object = into.contains(key) ? into[key].if_object() : nullptr;
        if (object && value.is_object())
            merge(*object, value.get_object());
        else
            into[key] = value;
    }
}

/// All tests come from one address, and fail as often as they have to; what they leave open is ended at once, and
/// they say themselves when files are to be read anew.
json::object usual_configuration(std::string const& name, std::uint16_t upstream_port)
{
    json::object out = json::parse(R"({
        "listen": {"https": ["127.0.0.1:0"], "http": ["127.0.0.1:0"], "admin": "127.0.0.1:0"},
        "threads": 2,
        "tls": {"certificates": [{"chain": "server.pem", "key": "server.key"}]},
        "upstream": {"ca_file": "ca.pem", "api_key": {"file": "api.key"}},
        "tokens": {"key_file": "tokens.jwk", "query_token": true},
        "limits": {"failures": 0, "connections_per_address": 0},
        "drain": {"deadline": "0s", "spread": "0s"},
        "reload": {"watch": false}
    })")
                           .as_object();
    out["upstream"].as_object()["url"] = "https://localhost:" + std::to_string(upstream_port);
    json::object key;
    key["name"] = "app";
    key["sha256"] = sha256_hex(gateway::server_key);
    json::array keys;
    keys.push_back(std::move(key));
    out["tokens"].as_object()["server_keys"] = std::move(keys);
    out["log"] = json::object{
        {"access", name + ".access.log"}
    };
    return out;
}

} // namespace

std::string voicegate_program()
{
    auto const* const other = std::getenv("VOICEGATE_PROGRAM");
    return other ? other : VOICEGATE_PROGRAM;
}

std::string sha256_hex(std::string_view text)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::array<unsigned char, 32> hash{};
    std::size_t size = 0;
    EVP_Q_digest(nullptr, "SHA256", nullptr, text.data(), text.size(), hash.data(), &size);
    std::string out;
    for (auto byte : hash)
        out.append({digits[byte >> 4U], digits[byte & 15U]});
    return out;
}

std::string write_configuration(
    scratch_directory const& files,
    std::string const& name,
    std::uint16_t upstream_port,
    std::string_view changes)
{
    auto all = usual_configuration(name, upstream_port);
    merge(all, json::parse(changes).as_object());
    auto path = files.path(name + ".json");
    write_file(path, json::serialize(all));
    return path;
}

namespace {

std::vector<std::string> serving(std::vector<std::string> command, std::string const& configuration_file)
{
    for (auto const& word :
         {voicegate_program(), std::string("serve"), std::string("--config"), configuration_file})
        command.push_back(word);
    command.emplace_back("--print-ports");
    return command;
}

} // namespace

gateway::gateway(
    scratch_directory const& files,
    std::string name,
    std::uint16_t upstream_port,
    std::string_view changes,
    std::vector<std::string> before)
    : files_(files),
      name_(name),
      configuration_file_(write_configuration(files, name, upstream_port, changes)),
      log_file_(files.path(name + ".access.log")),
      process_(serving(std::move(before), configuration_file_), files.path(name + ".stderr"))
{
    auto const line = process_.next_line();
    https_ = port_in(line, "https");
    http_ = port_in(line, "http");
    admin_ = port_in(line, "admin");
    await("a ready gateway", [this] { return admin("/readyz").status == 200; });
}

gateway::~gateway()
{
    constexpr milliseconds for_streams_that_a_test_left_open{3'000};
    if (process_.running()) {
        process_.signal(SIGTERM);
        try {
            auto const status = process_.exit_status(deadline(for_streams_that_a_test_left_open));
            BOOST_CHECK_MESSAGE(
                status == 0, "the gateway ended with " << status << "; its stderr: " << errors());
        } catch (timed_out const&) { // then it is killed
        }
    }
    auto const said = errors();
    for (auto const* report : {"Sanitizer", "runtime error:", "Assertion"})
        BOOST_CHECK_MESSAGE(said.find(report) == std::string::npos, "the gateway said: " << said);
}

std::string gateway::mint(std::string_view grants, seconds life, std::string_view subject) const
{
    json::object wanted;
    for (std::string_view const one : {"tts", "stt", "agent"})
        wanted[one] = grants.find(one) != std::string_view::npos;
    json::object body;
    body["grants"] = std::move(wanted);
    body["expires_in"] = life.count();
    body["subject"] = subject;
    auto const got =
        ask(https_, request("POST", "/access-token", {bearer(server_key)}, json::serialize(body)));
    if (got.status != 200) throw std::runtime_error("no token was minted: " + got.head + got.body);
    return std::string(json::parse(got.body).at("token").as_string());
}

std::string gateway::await_log(std::string_view text) const
{
    std::string log;
    await("'" + std::string(text) + "' in the access log", [&] {
        log = access_log();
        return log.find(text) != std::string::npos;
    });
    return log;
}

answer gateway::admin(std::string_view target) const
{
    client_options plain;
    plain.tls = false;
    return ask(
        admin_,
        request(
            "GET",
            target,
            {
                {"Connection", "close"}
    }),
        plain);
}

std::uint64_t gateway::metric(std::string_view name) const
{
    auto const text = admin("/metrics").body;
    auto const at = text.find("\n" + std::string(name) + " ");
    if (at == std::string::npos) throw std::runtime_error("there is no metric " + std::string(name));
    return std::stoull(text.substr(at + name.size() + 2));
}

std::size_t gateway::open_descriptors() const { return metric("process_open_fds"); }

void gateway::hang_up(std::string const& counted_as)
{
    auto const before = metric(counted_as);
    process_.signal(SIGHUP);
    await(counted_as, [&] { return metric(counted_as) == before + 1; });
}

void gateway::reconfigure(std::uint16_t upstream_port, std::string_view changes) const
{
    (void)write_configuration(files_, name_, upstream_port, changes);
}

void gateway::reload() { hang_up("voicegate_reloads_total"); }

std::string gateway::refused_reload()
{
    auto const before = errors().size();
    hang_up("voicegate_reload_failures_total");
    return errors().substr(before);
}

answer gateway::order(std::string_view target, std::string_view body) const
{
    client_options plain;
    plain.tls = false;
    fields const json{
        {"Content-Type", "application/json"}
    };
    return ask(admin_, request("POST", target, json, body), plain);
}

} // namespace e2e
