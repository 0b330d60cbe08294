#include "gateway/upstream/credential_mint.hpp"

#include "gateway/upstream/fetch.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <string_view>

namespace net = boost::asio;

namespace gateway::upstream {
namespace {

constexpr std::size_t token_bytes_max = 4096;

std::string request_body(policy::grant_set grants, seconds lifetime)
{
    auto body = std::string(R"({"grants":{)");
    for (auto const grant : policy::all_grants) {
        if (!grants.has(grant)) continue;
        if (body.back() != '{') body += ',';
        body.append("\"").append(name(grant)).append("\":true");
    }
    return body + R"(},"expires_in":)" + std::to_string(lifetime.count()) + "}";
}

/// Written by hand rather than as a Beast message: the API key then stands in this one string, which can be
/// wiped.
certs::secret request_text(
    std::string const& host,
    std::string const& version,
    certs::secret const& api_key,
    std::string const& body)
{
    auto text = std::string();
    text.reserve(512 + api_key.reveal().size() + body.size()); // growing would leave copies behind
    text.append("POST /access-token HTTP/1.1\r\nHost: ").append(host);
    text.append("\r\nUser-Agent: voicegate\r\nAccept: application/json\r\nContent-Type: application/json");
    text.append("\r\nCartesia-Version: ").append(version);
    text.append("\r\nAuthorization: Bearer ").append(api_key.reveal());
    text.append("\r\nContent-Length: ").append(std::to_string(body.size()));
    text.append("\r\nConnection: close\r\n\r\n").append(body);
    return certs::secret(std::move(text));
}

/// token68 (RFC 9110 §11.2): what may stand behind `Bearer` and cannot smuggle a line end into a header.
bool is_token68(std::string_view text) noexcept
{
    auto const padding = text.find_last_not_of('=') + 1;
    auto const letters = text.substr(0, padding);
    auto const fits = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               std::string_view("-._~+/").find(c) != std::string_view::npos;
    };
    return !letters.empty() && std::all_of(letters.begin(), letters.end(), fits);
}

mint_result failure(std::string flaw) { return {{}, std::move(flaw)}; }

mint_result read_answer(fetched answer)
{
    if (answer.how != fetched::ending::answered) return failure(std::move(answer.flaw));
    if (answer.status != 200) return failure("the upstream answered " + std::to_string(answer.status));
    boost::system::error_code ec;
    auto json = boost::json::parse(answer.body, ec);
    certs::wipe(answer.body);
    auto* const object = json.if_object();
    auto* const member = object != nullptr ? object->if_contains("token") : nullptr;
    auto* const text = member != nullptr ? member->if_string() : nullptr;
    if (ec || text == nullptr) return failure("the upstream's answer holds no token");

    auto token = certs::secret(std::string(text->data(), text->size()));
    certs::wipe({text->data(), text->size()});
    if (token.reveal().size() > token_bytes_max || !is_token68(token.reveal()))
        return failure("the upstream's token is not of a form that can be sent");
    return {std::move(token), {}};
}

} // namespace

struct mint_client::state {
    std::string const host;
    std::string const version;
    seconds const lifetime;
    fetch_bounds const bounds;
    certs::secret const api_key;
    fetch_client client;
};

mint_client::mint_client(
    net::io_context& control,
    upstream_config const& config,
    certs::secret api_key,
    published<addresses> const& where,
    milliseconds deadline)
    : state_(new state{
          write_authority(config.expected_name(), config.port, 443),
          config.api_version,
          config.access_token_lifetime,
          {deadline},
          std::move(api_key),
          { control, {config.expected_name(), load_upstream_trust(config)}, where}
})
{
}

mint_client::~mint_client() = default;

net::awaitable<mint_result> mint_client::mint(policy::grant_set grants)
{
    auto const& with = *state_;
    auto const body = request_body(grants, with.lifetime);
    auto const request = request_text(with.host, with.version, with.api_key, body);
    auto answer = co_await state_->client.fetch(request.reveal(), with.bounds);
    co_return read_answer(std::move(answer));
}

void mint_client::trust_anew(trust in) { state_->client.trust_anew(std::move(in)); }
void mint_client::stop() { state_->client.stop(); }

} // namespace gateway::upstream
