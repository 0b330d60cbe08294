// Request bodies: streamed in whatever framing they come, of any size, within bounded memory.
#include "tests/end_to_end/support/stage.hpp"

#include <boost/test/unit_test.hpp>

using namespace e2e;

namespace {

constexpr std::size_t MiB = 1 << 20;

struct heard_scene : scene {
    heard_scene()
    {
        upstream.faults(R"([{"path": "/stt", "times": -1, "do": "status", "status": 200, "body": "heard"}])");
    }
};

std::string audio(std::size_t size)
{
    std::string out(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        out[i] = static_cast<char>(i * 7 % 253);
    return out;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(uploads, heard_scene)

BOOST_AUTO_TEST_CASE(a_body_with_length_arrives_as_it_was_sent)
{
    auto const body = audio(300'000);
    BOOST_TEST(ask(gate.port(), request("POST", "/stt", {cookie(token)}, body)).body == "heard");
    auto const seen = upstream.requests_over(1).front();
    BOOST_TEST(seen.body_sha256 == sha256_hex(body));
    BOOST_TEST(seen.value("content-length") == "300000");
    BOOST_TEST(!seen.count("transfer-encoding"));
}

BOOST_AUTO_TEST_CASE(a_chunked_body_arrives_as_it_was_sent)
{
    auto const body = audio(300'000);
    std::string text = request(
        "POST",
        "/stt",
        {
            cookie(token), {"Transfer-Encoding", "chunked"}
    });
    for (std::size_t sent = 0; sent < body.size();) {
        auto const size = std::min(body.size() - sent, sent % 7001 + 1);
        text += chunk(std::string_view(body).substr(sent, size));
        sent += size;
    }
    BOOST_TEST(ask(gate.port(), text + std::string(last_chunk)).body == "heard");
    auto const seen = upstream.requests_over(1).front();
    BOOST_TEST(seen.body_sha256 == sha256_hex(body));
    BOOST_TEST(seen.value("transfer-encoding") == "chunked");
    BOOST_TEST(!seen.count("content-length"));
}

BOOST_AUTO_TEST_CASE(a_body_byte_by_byte_arrives_as_it_was_sent)
{
    client one(gate.port());
    auto const text = request(
                          "POST",
                          "/stt",
                          {
                              cookie(token), {"Transfer-Encoding", "chunked"}
    }) +
                      chunk("hello") + chunk("there") + std::string(last_chunk);
    for (auto const c : text)
        one.send({&c, 1});
    BOOST_TEST(read_answer(one).body == "heard");
    BOOST_TEST(upstream.requests_over(1).front().body == "hellothere");
}

BOOST_AUTO_TEST_CASE(trailers_are_dropped)
{
    auto const text = request(
                          "POST",
                          "/stt",
                          {
                              cookie(token), {"Transfer-Encoding", "chunked"},
                               {"Trailer",           "X-Sum"  }
    }) +
                      chunk("hello") +
                      "0\r\nX-Sum: trailer-canary\r\nAuthorization: Bearer trailer-canary\r\n\r\n";
    client one(gate.port());
    one.send(text + request("POST", "/stt", {cookie(token)}, "{}"));
    BOOST_TEST(read_answer(one).status == 200U);
    BOOST_TEST(read_answer(one).status == 200U);
    for (auto const& seen : upstream.requests_over(2))
        BOOST_TEST(seen.text().find("trailer-canary") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_upstream_says_when_to_continue)
{
    client one(gate.port());
    one.send(request(
        "POST",
        "/stt",
        {
            cookie(token), {"Expect",         "100-continue"},
             {"Content-Length", "5"           }
    }));
    while (one.inbox.find("\r\n\r\n") == std::string::npos)
        BOOST_REQUIRE(one.receive());
    BOOST_TEST(one.inbox.starts_with("HTTP/1.1 100 "));
    one.send("hello");
    auto const got = read_answer(one);
    BOOST_TEST(got.body == "heard");
    auto const seen = upstream.requests_over(1).front();
    BOOST_TEST(seen.body == "hello");
    BOOST_TEST(seen.value("expect") == "100-continue");
}

BOOST_AUTO_TEST_CASE(an_upload_of_64_mib_is_streamed_within_bounded_memory)
{
    constexpr std::size_t size = 64 * MiB;
    (void)ask(gate.port(), request("POST", "/stt", {cookie(token)}, "{}"));
    memory_growth const grown(gate);
    client one(gate.port());
    one.send(request(
        "POST",
        "/stt",
        {
            cookie(token), {"Content-Length", std::to_string(size)}
    }));
    auto const piece = audio(MiB);
    std::size_t most = 0;
    for (std::size_t sent = 0; sent < size; sent += piece.size()) {
        one.send(piece);
        most = std::max(most, grown.bytes());
    }
    BOOST_TEST(read_answer(one).body == "heard");
    BOOST_TEST(upstream.requests_over(2).back().body_bytes == size);
    BOOST_TEST(most < 4 * MiB);
}

BOOST_AUTO_TEST_CASE(an_upstream_that_does_not_read_holds_the_client_back)
{
    upstream.faults(R"([{"path": "/stt", "do": "never_read"}])");
    memory_growth const grown(gate);
    client one(gate.port());
    one.send(request(
        "POST",
        "/stt",
        {
            cookie(token), {"Content-Length", std::to_string(64 * MiB)}
    }));
    upstream.await_held();
    auto const piece = audio(MiB);
    std::size_t taken = 0; // what sockets and windows hold; then nothing more is taken for a second
    for (std::size_t n = piece.size(); n == piece.size() && taken < 64 * MiB; taken += n)
        n = one.offer(piece, seconds{1});
    BOOST_TEST(taken < 32 * MiB);
    BOOST_TEST(grown.bytes() < 4 * MiB);
    one.reset();
    upstream.release();
    upstream.await_state("open_http", 0);
}

BOOST_AUTO_TEST_CASE(an_answer_before_the_upload_is_over_reaches_the_client)
{
    upstream.faults(R"([{"path": "/stt", "do": "early_answer", "status": 413}])");
    client one(gate.port());
    one.send(
        request(
            "POST",
            "/stt",
            {
                cookie(token), {"Content-Length", std::to_string(64 * MiB)}
    }) +
        audio(MiB));
    auto const got = read_answer(one);
    BOOST_TEST(got.status == 413U);
    BOOST_TEST(got.whole);
    BOOST_TEST(got.value("connection") == "close"); // the rest of the body is never read
}

BOOST_AUTO_TEST_CASE(a_body_beyond_the_limit_is_413_at_once)
{
    auto small = at.another(R"({"limits": {"body_bytes": "64KiB"}})");
    auto const own = small.mint("stt");
    BOOST_TEST(
        ask(small.port(),
            request(
                "POST",
                "/stt",
                {
                    cookie(own), {"Content-Length", "65537"}
    }))
            .status == 413U);
    BOOST_TEST(upstream.requests().empty());
    BOOST_TEST(ask(small.port(), request("POST", "/stt", {cookie(own)}, audio(65'536))).status == 200U);
}

BOOST_AUTO_TEST_CASE(a_chunked_body_beyond_the_limit_is_413_and_never_complete_upstream)
{
    auto small = at.another(R"({"limits": {"body_bytes": "64KiB"}})");
    client one(small.port());
    one.send(request(
        "POST",
        "/stt",
        {
            cookie(small.mint("stt")), {"Transfer-Encoding", "chunked"}
    }));
    for (auto i = 0; i < 5; ++i)
        one.send(chunk(audio(16 * 1024)));
    auto const got = read_answer(one);
    BOOST_TEST(got.status == 413U);
    one.receive_to_end();
    for (auto const& seen : upstream.requests_over(1))
        BOOST_TEST(seen.aborted);
}

BOOST_AUTO_TEST_CASE(a_broken_chunk_is_400_and_never_complete_upstream)
{
    client one(gate.port());
    one.send(
        request(
            "POST",
            "/stt",
            {
                cookie(token), {"Transfer-Encoding", "chunked"}
    }) +
        chunk("hello"));
    one.send("zz\r\nhello\r\n0\r\n\r\n");
    auto const got = read_answer(one);
    BOOST_TEST(got.status == 400U);
    BOOST_TEST(got.value("connection") == "close");
    one.receive_to_end();
    upstream.await_state("open_http", 0);
    for (auto const& seen : upstream.requests())
        BOOST_TEST((seen.aborted && seen.status == 0));
}

BOOST_AUTO_TEST_CASE(a_body_that_stops_coming_is_408_after_the_limit)
{
    auto hasty = at.another(R"({"limits": {"body_stall": "300ms"}})");
    client one(hasty.port());
    one.send(
        request(
            "POST",
            "/stt",
            {
                cookie(hasty.mint("stt")), {"Content-Length", "10"}
    }) +
        "hello");
    auto const got = read_answer(one);
    BOOST_TEST(got.status == 408U);
    one.receive_to_end();
    BOOST_TEST(upstream.requests_over(1).front().aborted);
}

BOOST_AUTO_TEST_CASE(a_multipart_form_is_transcribed)
{
    upstream.clear();
    std::string const wav_head(
        "RIFF\x24\x3e\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0data\0\x3e\0\0", 44);
    auto const wav = wav_head + std::string(15'872, '\0'); // a second of silence at 8 kHz
    std::string const part = "--xyz\r\nContent-Disposition: form-data; name=\"";
    auto const body = part + "file\"; filename=\"a.wav\"\r\nContent-Type: audio/wav\r\n\r\n" + wav + "\r\n" +
                      part + "model\"\r\n\r\nink-whisper\r\n--xyz--\r\n";
    auto const got =
        ask(gate.port(),
            request(
                "POST",
                "/audio/transcriptions",
                {
                    bearer(token), {"Content-Type", "multipart/form-data; boundary=xyz"}
    },
                body));
    BOOST_TEST(got.status == 200U);
    BOOST_TEST(got.body.find("\"text\"") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
