#include "tests/bench/instructions/stand.hpp"

#include "gateway/base/random_seed.hpp"
#include "tests/bench/instructions/clock.hpp"
#include "tests/bench/instructions/counter.hpp"
#include "tests/bench/samples.hpp"

#include <array>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace bench {

namespace {

constexpr int patience_ms = 10'000; ///< then something is wrong

gateway::edge::listener listen()
{
    return {
        {"127.0.0.1", 0},
        16
    };
}

boost::asio::ip::tcp::endpoint address_of(gateway::edge::listener const& at)
{
    return {boost::asio::ip::address_v4::loopback(), at.where().port};
}

gateway::config settings(certificate_directory const& certificates, std::uint16_t upstream_port)
{
    gateway::config out;
    out.upstream.host = "localhost";
    out.upstream.port = upstream_port;
    out.upstream.ca_file = certificates.authority();
    out.upstream.credential = gateway::credential_kind::api_key;
    out.log.access = "/dev/null"; // lines are made, and thrown away before they get there
    return out;
}

/// Ids and nonces need no secret here.
void counting_up(std::span<std::uint8_t> out)
{
    std::uint8_t next = 0;
    for (auto& byte : out)
        byte = ++next;
}

int connect_to(boost::asio::ip::tcp::endpoint const& where)
{
    auto const descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(descriptor, where.data(), static_cast<socklen_t>(where.size())) != 0)
        throw std::runtime_error("connect");
    fcntl(descriptor, F_SETFL, O_NONBLOCK);
    return descriptor;
}

int await_client(gateway::edge::listener const& at)
{
    pollfd waiting{at.descriptor(), POLLIN, 0};
    poll(&waiting, 1, patience_ms);
    gateway::ip_address from;
    return at.accept(from);
}

} // namespace

stand::stand(certificate_directory const& certificates)
    : front_(listen()),
      back_(listen()),
      config_(settings(certificates, back_.where().port)),
      token_keys_(token_keys()),
      tickets_(counting_up),
      server_tls_(std::make_shared<certs::server_tls const>(std::vector{certificates.leaf()}, tickets_)),
      upstream_trust_(gateway::load_upstream_trust(config_.upstream)),
      addresses_(std::make_shared<gateway::upstream::addresses>(1, address_of(back_))),
      credentials_(std::make_shared<gateway::upstream::credentials>()),
      revoked_(config_.tokens.revocations_max, gateway::random_hash_seed(counting_up)),
      renewals_(config_.tokens.revocations_max, gateway::random_hash_seed(counting_up)),
      handoffs_(config_.session.handoffs_max, gateway::random_hash_seed(counting_up)),
      doorkeeper_(config_.limits, counting_up),
      log_(config_.log.access, config_.log.queue_bytes, process_),
      keeper_(control_, config_.upstream, certs::secret("sk_car_benchmark"), addresses_, credentials_, [] {}),
      way_{config_.upstream, upstream_trust_, addresses_, credentials_, keeper_},
      around_{
          token_keys_,
          app_keys_,
          server_tls_,
          revoked_,
          renewals_,
          handoffs_,
          doorkeeper_,
          log_,
          counting_up,
          {}},
      desk_(around_, first_generation()),
      token_(sealed_token(desk_.in_force->cipher)),
      client_context_(careless_client()),
      upstream_context_(plain_server(certificates.leaf()))
{
    control_.poll();
    desk_.ended = [this](gateway::edge::connection&) { over_ = true; };
}

stand::~stand() = default;

std::shared_ptr<gateway::edge::generation const> stand::first_generation() const
{
    auto out = std::make_shared<gateway::edge::generation>(config_);
    for (auto const& row : out->routes.rows())
        out->route_places.push_back(static_cast<std::size_t>(&row - out->routes.rows().data()));
    out->upstream = {std::shared_ptr<void>(), &way_};
    return out;
}

void stand::connect()
{
    client_.emplace(client_context_.get(), connect_to(address_of(front_)), peer::part::client);
    client_->advance();
    auto const descriptor = await_client(front_);
    auto peer = doorkeeper_.know(gateway::read_ipv4("192.0.2.7").value());
    auto seat = desk_.seat_for(peer).value();
    connection_ = std::make_unique<gateway::edge::connection>(
        desk_, descriptor, std::move(peer), std::move(seat), true);
    connection_->start();
    run_until([this] { return client_->ready(); });
}

void stand::part()
{
    client_->finish();
    run_until([this] { return !connection_; });
    client_.reset();
}

void stand::client_sends(std::string_view bytes, std::string_view ending)
{
    if (upstream_) upstream_->forget();
    client_->send(bytes);
    run_until([&] { return upstream_ && upstream_->heard().ends_with(ending); });
}

void stand::upstream_sends(std::string_view bytes, std::string_view ending)
{
    client_->forget();
    upstream_->send(bytes);
    run_until([&] { return client_->heard().ends_with(ending); });
}

void stand::client_asks(std::string_view bytes, std::string_view ending)
{
    client_->forget();
    client_->send(bytes);
    run_until([&] { return client_->heard().ends_with(ending); });
}

void stand::upstream_leaves()
{
    upstream_->finish();
    run_until([this] { return upstream_->ended(); });
}

void stand::run_until(std::function<bool()> const& reached)
{
    while (!reached()) {
        await_news();
        take_turn();
        gateway::ip_address from;
        if (auto const descriptor = back_.accept(from); descriptor >= 0)
            upstream_.emplace(upstream_context_.get(), descriptor, peer::part::server);
        if (upstream_) upstream_->advance();
        if (client_) client_->advance();
    }
}

/// Until somebody has something to read. The gateway's turns are not numbered by how fast the kernel is: one
/// without news would count, too.
void stand::await_news() const
{
    std::array<pollfd, 4> sources{};
    sources[0].fd = desk_.sockets.descriptor();
    sources[1].fd = back_.descriptor();
    sources[2].fd = client_ ? client_->descriptor() : -1;
    sources[3].fd = upstream_ ? upstream_->descriptor() : -1;
    for (auto& one : sources)
        one.events = POLLIN;
    if (poll(sources.data(), sources.size(), patience_ms) <= 0)
        throw std::runtime_error("nothing moves any more");
}

/// What `edge::worker` does in a turn.
void stand::take_turn()
{
    pollfd news{desk_.sockets.descriptor(), POLLIN, 0};
    if (poll(&news, 1, 0) <= 0) return;
    stopped_clock::move(std::chrono::microseconds(50));
    {
        counted const counting(counting_);
        do
            desk_.run_turn(std::chrono::milliseconds{0});
        while (!desk_.idle());
        if (over_) connection_.reset();
    }
    over_ = false;
    desk_.log_lines.clear();
    desk_.log_lines_count = 0;
}

} // namespace bench
