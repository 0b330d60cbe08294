#include "gateway/generations.hpp"

#include "gateway/edge/desk.hpp"

#include <utility>

namespace gateway {

/// The app's backend, and the file that says who vouches for it, as it was.
struct app_backend {
    app_backend(
        boost::asio::io_context& control,
        config const& of,
        std::string read,
        session::authorizer_options with)
        : settings(of.session.authorize),
          look_up_every(of.upstream.resolve_every),
          fingerprint(std::move(read)),
          server(control, settings.url, look_up_every),
          authorizer(control, settings, server.where, std::move(with))
    {
    }

    authorize_config const settings;
    seconds const look_up_every;
    std::string const fingerprint;
    app_server server;
    session::authorizer authorizer;
};

/// The server that publishes the app's keys, and who fetches them.
struct app_key_source {
    app_key_source(
        boost::asio::io_context& control,
        config const& of,
        std::string read,
        published<certs::signature_keys>& to,
        upstream::app_key_options with)
        : url(of.tokens.app_keys_url),
          ca_file(of.tokens.app_keys_ca_file),
          refresh(of.tokens.app_keys_refresh),
          look_up_every(of.upstream.resolve_every),
          fingerprint(std::move(read)),
          server(control, url, look_up_every),
          keeper(control, of.tokens, server.where, to, std::move(with))
    {
    }
    [[nodiscard]] bool is_for(config const& of, std::string const& read) const
    {
        auto const& tokens = of.tokens;
        return url == tokens.app_keys_url && ca_file == tokens.app_keys_ca_file &&
               refresh == tokens.app_keys_refresh && look_up_every == of.upstream.resolve_every &&
               fingerprint == read;
    }

    http_url const url;
    std::string const ca_file;
    seconds const refresh;
    seconds const look_up_every;
    std::string const fingerprint;
    app_server server;
    upstream::app_key_keeper keeper;
};

generations::generations(
    boost::asio::io_context& control,
    published<certs::signature_keys>& app_keys,
    watch::process_metrics& counts,
    std::function<void()> credentials_changed)
    : control_(control),
      app_keys_(app_keys),
      counts_(counts),
      credentials_changed_(std::move(credentials_changed))
{
}

generations::made generations::make(config const& of)
{
    made out;
    out.files = read_upstream_files(of.upstream);
    out.of.backend = make_backend(of);
    out.of.keys = make_key_source(of);
    out.of.upstream = make_access(of, out.files);
    auto const same = now_ && of == now_->configuration && out.of.upstream == parts_.upstream &&
                      out.of.backend == parts_.backend && out.of.keys == parts_.keys;
    if (!same) out.generation = make_generation(of, out.of);
    return out;
}

bool generations::put_in_force(made next)
{
    auto const kept = next.of.upstream == parts_.upstream;
    auto const trust_changed = kept && next.of.upstream->trust_anew(next.files);
    if (!next.generation) return trust_changed;
    if (!kept) {
        next.of.upstream->start();
        if (parts_.upstream) next.of.upstream->mint_ahead(*parts_.upstream);
    }
    parts_ = std::move(next.of);
    if (now_) past_.push_back(std::move(now_));
    now_ = std::move(next.generation);
    return trust_changed;
}

bool generations::app_keys_tried() const { return !parts_.keys || parts_.keys->keeper.tried(); }

void generations::bury()
{
    std::erase_if(past_, [](auto const& one) { return one.use_count() == 1; });
}

std::shared_ptr<app_backend> generations::make_backend(config const& of) const
{
    auto const& settings = of.session.authorize;
    if (!settings.url.given()) return nullptr;
    auto read = fingerprint_of_file("session.authorize_ca_file", settings.ca_file);
    auto const& before = parts_.backend;
    if (before && before->settings == settings && before->look_up_every == of.upstream.resolve_every &&
        before->fingerprint == read)
        return before;
    session::authorizer_options options;
    options.asked = [this](bool answered) {
        counts_.app_asked.add();
        if (!answered) counts_.app_ask_failures.add();
    };
    return std::make_shared<app_backend>(control_, of, std::move(read), std::move(options));
}

std::shared_ptr<app_key_source> generations::make_key_source(config const& of) const
{
    if (!of.tokens.app_keys_url.given()) return nullptr;
    auto read = fingerprint_of_file("tokens.jwt.keys_ca_file", of.tokens.app_keys_ca_file);
    if (parts_.keys && parts_.keys->is_for(of, read)) return parts_.keys;
    upstream::app_key_options options;
    options.attempted = [this](bool fetched) {
        counts_.app_key_fetches.add();
        if (!fetched) return counts_.app_key_fetch_failures.add();
        auto const now = edge::wall_clock().time_since_epoch().count();
        counts_.app_keys_fetched_at.set(static_cast<std::uint64_t>(now));
    };
    return std::make_shared<app_key_source>(control_, of, std::move(read), app_keys_, std::move(options));
}

/// A name that was not looked up yet is looked up here, before anything changes: requests would not wait for
/// it.
std::shared_ptr<upstream_access> generations::make_access(config const& of, upstream_files& files) const
{
    auto const& before = parts_.upstream;
    auto const& to = of.upstream;
    if (before && before->is_for(to, files)) return before;
    upstream::addresses known;
    if (before && before->is_at(to)) known = *before->side().addresses.latest();
    if (before && known.empty()) {
        auto found = upstream::look_up_at_once({to.host, to.port});
        if (!found) throw config_error("upstream.url", "names " + to.host + ", which cannot be looked up");
        known = std::move(*found);
    }
    upstream::keeper_options options;
    options.attempted = [this](bool minted) { (minted ? counts_.mints : counts_.mint_failures).add(); };
    return std::make_shared<upstream_access>(
        control_, to, std::move(files), std::move(known), credentials_changed_, std::move(options));
}

std::shared_ptr<edge::generation> generations::make_generation(config const& of, parts const& from)
{
    auto out = std::make_shared<edge::generation>(of);
    for (auto const& row : out->routes.rows())
        out->route_places.push_back(places_.of(row.path));
    out->upstream = {from.upstream, &from.upstream->side()};
    if (from.backend) out->authorizer = {from.backend, &from.backend->authorizer};
    if (from.keys) out->app_key_missing = [keys = from.keys] { keys->keeper.missing(); };
    return out;
}

} // namespace gateway
