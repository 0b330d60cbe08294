#include "tests/end_to_end/support/crowd.hpp"

#include <boost/json.hpp>

namespace e2e {

std::vector<std::string> mint_many(gateway const& at, std::size_t count, std::string const& prefix)
{
    std::vector<std::string> out;
    client server(at.port());
    for (std::size_t i = 0; i < count; ++i) {
        auto const wanted =
            R"({"grants":{"tts":true},"expires_in":600,"subject":")" + prefix + std::to_string(i) + "\"}";
        server.send(request("POST", "/access-token", {bearer(gateway::server_key)}, wanted));
        out.emplace_back(boost::json::parse(read_answer(server).body).at("token").as_string());
    }
    return out;
}

std::vector<client>
open_many(gateway const& at, std::string_view target, std::vector<std::string> const& tokens)
{
    client first(at.port());
    first.send(request("GET", "/session")); // a ticket comes with the answer
    (void)read_answer(first);
    client_options resumed;
    resumed.resume = first.session();
    std::vector<client> out;
    out.reserve(tokens.size());
    for (auto const& one : tokens)
        out.push_back(open_websocket(at.port(), target, {cookie(one)}, resumed));
    return out;
}

} // namespace e2e
