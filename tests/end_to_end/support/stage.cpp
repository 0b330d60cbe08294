#include "tests/end_to_end/support/stage.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>

namespace e2e {

stage::stage() : upstream(files, prepare(), files.path("server.key")), gate(files, "gateway", upstream.port())
{
}

std::string stage::prepare()
{
    ca.write(files.path("ca.pem"));
    ca.issue({}, files.path("server.pem"), files.path("server.key"));
    write_file(files.path("api.key"), simulator::api_key);
    auto const made = run({voicegate_program(), "keygen", "tokens", files.path("tokens.jwk")});
    if (made.status != 0) throw std::runtime_error("no token key was made: " + made.errors);
    return files.path("server.pem");
}

gateway stage::another(std::string_view changes, std::vector<std::string> before)
{
    return {files, "gateway-" + std::to_string(++gateways_), upstream.port(), changes, std::move(before)};
}

namespace {

std::unique_ptr<stage>& standing()
{
    static std::unique_ptr<stage> one;
    return one;
}

} // namespace

stage& on_stage()
{
    auto& one = standing();
    if (!one) one = std::make_unique<stage>();
    return *one;
}

void strike_stage() { standing().reset(); }

std::size_t memory_growth::bytes() const
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return 0;
#else
    auto const now = of_.program().resident_bytes();
    return now > before_ ? now - before_ : 0;
#endif
}

scene::scene()
    : at(on_stage()), upstream(at.upstream), gate(at.gate), token([this]() -> std::string const& {
          static auto const all = gate.mint("tts,stt,agent", seconds{3600});
          return all;
      }())
{
    upstream.clear();
}

void expect_end(client& one, std::string_view code)
{
    auto const said = read_frame(one);
    BOOST_CHECK(said.code == opcode::text);
    auto const event = boost::json::parse(said.payload).as_object();
    BOOST_TEST(event.at("type").as_string() == "error");
    BOOST_TEST(event.at("done").as_bool());
    BOOST_TEST(event.at("status_code").as_int64() == 401);
    BOOST_TEST(std::string(event.at("error_code").as_string()) == code);
    BOOST_TEST(event.at("message").as_string().size() > 10U);
    BOOST_TEST(event.at("request_id").as_string().size() == 36U);
    BOOST_TEST(read_frame(one).close_code() == 1008U);
}

std::string speech(std::string_view transcript)
{
    return R"({"model_id":"sonic-3.6","voice":"a0e99841-438c-4a64-b679-ae501e7d6091","transcript":")" +
           std::string(transcript) +
           R"(","output_format":{"container":"raw","encoding":"pcm_s16le","sample_rate":8000}})";
}

} // namespace e2e
