#include "gateway/session/authorizer.hpp"

#include "gateway/base/on_end.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <atomic>

namespace net = boost::asio;

namespace gateway::session {

namespace {

constexpr std::size_t answer_bytes_max = std::size_t{64} * 1024;

fault fault_for(upstream::fetched::ending how) noexcept
{
    using enum upstream::fetched::ending;
    if (how == unreachable) return fault::app_unreachable;
    return how == timeout ? fault::app_timeout : fault::app_bad_answer;
}

} // namespace

app_answer read_app_answer(upstream::fetched const& got, std::string& flaw)
{
    if (got.how != upstream::fetched::ending::answered) {
        flaw = got.flaw;
        return fault_for(got.how);
    }
    if (got.status == 401) return fault::app_unauthorized;
    if (got.status == 403) return fault::app_forbidden;
    if (got.status < 200 || got.status > 299) {
        flaw = "it answered " + std::to_string(got.status);
        return fault::app_bad_status;
    }
    auto read = read_app_word(got.body);
    if (auto* const wrong = std::get_if<body_flaw>(&read)) {
        flaw = std::move(wrong->message);
        return fault::app_bad_answer;
    }
    return std::get<app_word>(std::move(read));
}

struct authorizer::state {
    state(
        net::io_context& on,
        authorize_config const& app,
        published<upstream::addresses> const& where,
        authorizer_options with)
        : control(on),
          bounds{app.deadline, answer_bytes_max},
          in_flight_max(app.in_flight_max),
          client(on, {app.url.host, load_trust(app.url, app.ca_file, "session.authorize_ca_file")}, where),
          options(std::move(with)),
          failures(options.tell)
    {
    }

    static net::awaitable<void>
    call(std::shared_ptr<state> self, certs::secret question, std::function<void(app_answer)> then);

    net::io_context& control;
    upstream::fetch_bounds const bounds;
    std::size_t const in_flight_max;
    std::atomic<std::size_t> in_flight = 0;
    upstream::fetch_client client;
    authorizer_options options;
    upstream::notice failures;
};

net::awaitable<void> authorizer::state::call(
    std::shared_ptr<state> self, certs::secret question, std::function<void(app_answer)> then)
{
    auto const got = co_await self->client.fetch(question.reveal(), self->bounds);
    --self->in_flight;
    std::string flaw;
    auto said = read_app_answer(got, flaw);
    if (self->options.asked) self->options.asked(flaw.empty());
    if (!flaw.empty())
        self->failures.tell(
            "session.authorize_url does not say who a user is: " + flaw, std::chrono::steady_clock::now());
    then(std::move(said));
}

authorizer::authorizer(
    net::io_context& control,
    authorize_config const& app,
    published<upstream::addresses> const& where,
    authorizer_options options)
    : state_(std::make_shared<state>(control, app, where, std::move(options)))
{
}

authorizer::~authorizer() { state_->client.stop(); }

bool authorizer::ask(certs::secret question, std::function<void(app_answer)> then)
{
    if (state_->in_flight.fetch_add(1) >= state_->in_flight_max) {
        --state_->in_flight;
        return false;
    }
    auto start = [self = state_, question = std::move(question), then = std::move(then)]() mutable {
        net::co_spawn(self->control, state::call(self, std::move(question), std::move(then)), on_end);
    };
    net::post(state_->control, std::move(start));
    return true;
}

} // namespace gateway::session
