#include "gateway/generations.hpp"

#include "tests/gateway/serving.hpp"

using gateway::config;
using gateway::config_error;

namespace {

gateway::http_url app_at(std::string const& target)
{
    return {.tls = false, .host = "127.0.0.1", .port = 1, .target = target};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(generations, tests::serving)

BOOST_AUTO_TEST_CASE(the_same_configuration_is_the_same_generation)
{
    BOOST_TEST(!put(first));
    BOOST_TEST(all.past() == 0U);
}

BOOST_AUTO_TEST_CASE(what_says_the_same_of_the_upstream_keeps_its_connections_and_tokens)
{
    first.tokens.judge.app.emplace();
    first.tokens.app_keys_url = app_at("/keys");
    first.session.authorize.url = app_at("/who");
    BOOST_TEST(put(first));
    auto const before = all.now();
    auto next = first;
    next.tokens.judge.origins = {"https://app.example"};
    next.limits.body_bytes = 7;
    BOOST_TEST(put(next));
    BOOST_TEST((all.now()->upstream == before->upstream));
    BOOST_TEST((all.now()->authorizer == before->authorizer));
    BOOST_TEST(all.configuration().limits.body_bytes == 7U);

    next.session.authorize.recheck = gateway::seconds{7};
    next.upstream.idle_max = 7;
    BOOST_TEST(put(next));
    BOOST_TEST((all.now()->upstream != before->upstream));
    BOOST_TEST((all.now()->authorizer != before->authorizer));
}

BOOST_AUTO_TEST_CASE(a_generation_lives_as_long_as_somebody_is_served_by_it)
{
    std::weak_ptr<gateway::edge::generation const> const old = all.now();
    auto stream = all.now();
    auto next = first;
    next.upstream.idle_max = 7;
    BOOST_TEST(put(next));
    all.bury();
    BOOST_TEST(all.past() == 1U);
    BOOST_TEST(stream->upstream->configuration.idle_max == first.upstream.idle_max);
    stream.reset();
    BOOST_TEST(!old.expired()); // it ends on this thread, when it is asked for
    all.bury();
    BOOST_TEST(old.expired());
    BOOST_TEST(all.past() == 0U);
}

BOOST_AUTO_TEST_CASE(another_authority_is_told_of_and_nothing_is_made_anew)
{
    auto const before = all.now();
    std::filesystem::remove_all(path("certs"));
    certs::make_development_certificates(path("certs"), {}, std::chrono::system_clock::now());
    auto const vouched_by = before->upstream->trust.latest();
    BOOST_TEST(all.put_in_force(all.make(first)));
    BOOST_TEST((all.now() == before));
    BOOST_TEST((before->upstream->trust.latest() != vouched_by));
    BOOST_TEST(!all.put_in_force(all.make(first)));
}

BOOST_AUTO_TEST_CASE(another_api_key_is_another_access)
{
    first.upstream.api_key.file = file("api.key", "sk_car_one");
    std::filesystem::permissions(path("api.key"), std::filesystem::perms(0600));
    BOOST_TEST(put(first));
    auto const before = all.now();
    BOOST_TEST(!put(first));
    file("api.key", "sk_car_two");
    BOOST_TEST(put(first));
    BOOST_TEST((all.now()->upstream != before->upstream));
}

BOOST_AUTO_TEST_CASE(what_does_not_load_changes_nothing_and_is_named)
{
    auto const before = all.now();
    auto const refuses = [&](config const& next, std::string const& field) {
        BOOST_CHECK_EXCEPTION(
            (void)all.make(next), config_error, [&](auto const& told) { return told.where() == field; });
        BOOST_TEST((all.now() == before));
    };
    auto next = first;
    next.upstream.ca_file = path("nowhere.pem");
    refuses(next, "upstream.ca_file");
    next = first;
    next.session.authorize.url = {.tls = true, .host = "app.example", .port = 443, .target = "/"};
    next.session.authorize.ca_file = file("empty.pem", "");
    refuses(next, "session.authorize_ca_file");
}

BOOST_AUTO_TEST_CASE(a_route_is_counted_in_the_same_place_in_all_of_them)
{
    using policy::method;
    auto const place_of = [&](std::string const& path) {
        auto const& rows = all.now()->routes.rows();
        auto const row = std::ranges::find(rows, path, &policy::route::path);
        BOOST_REQUIRE((row != rows.end()));
        return all.now()->route_places.at(static_cast<std::size_t>(row - rows.begin()));
    };
    auto const built_in = place_of("/tts/bytes");
    first.routes = {
        {{method::get}, "/one", policy::transport::http, policy::grant::tts}
    };
    put(first);
    auto const one = place_of("/one");
    auto next = first;
    next.routes.front().path = "/another";
    put(next);
    BOOST_TEST(place_of("/another") != one);
    BOOST_TEST(place_of("/tts/bytes") == built_in);
    put(first);
    BOOST_TEST(place_of("/one") == one);
    for (auto i = 0; i < 100; ++i) { // then there is no place of its own left
        next.routes.front().path = "/number/" + std::to_string(i);
        put(next);
    }
    BOOST_TEST(place_of("/number/99") == gateway::watch::worker_metrics::routes_max);
    BOOST_TEST(place_of("/tts/bytes") == built_in);
    BOOST_TEST(all.route_paths().size() == gateway::watch::worker_metrics::routes_max);
}

BOOST_AUTO_TEST_SUITE_END()
