// The shared corpora through the real gateway; what reached the simulator is the evidence.
#include "tests/end_to_end/corpus.hpp"
#include "tests/end_to_end/support/stage.hpp"

#include <algorithm>
#include <array>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace e2e;
namespace data = boost::unit_test::data;

namespace {

/// Rows of http1_raw that this gateway answers otherwise, each with the reason. A row that passes must not
/// stand here.
struct exception {
    std::string_view id;
    std::string_view reason;
};

constexpr std::array raw_exceptions{
    exception{"ctl-get", "the table serves POST only at /tts/bytes: 405"},
};

bool is_exception(std::string_view id) { return std::ranges::count(raw_exceptions, id, &exception::id) != 0; }

/// A gateway that does not wait long, and tokens for it.
struct corpus_stage {
    scene on;
    gateway gate = on.at.another(
        R"({"tokens": {"cookie": "cartesia_token"}, "limits": {"idle": "1s", "head": "1s", "body_stall": "1s", "closing": "300ms"}})");
    std::string all = gate.mint("tts,stt,agent", seconds{3600});
    std::string tts = gate.mint("tts", seconds{3600});
    std::string stt = gate.mint("stt", seconds{3600});
    std::string agent = gate.mint("agent", seconds{3600});

    static corpus_stage*& standing()
    {
        static corpus_stage* one = nullptr;
        return one;
    }
    corpus_stage() { standing() = this; }
};

struct corpus_scene {
    corpus_scene()
    {
        upstream.clear();
        upstream.faults(R"([
            {"path": "/tts/bytes", "times": -1, "do": "status", "status": 200, "body": "spoken"},
            {"path": "/tts/sse", "times": -1, "do": "status", "status": 200, "body": "spoken"},
            {"path": "/stt", "times": -1, "do": "status", "status": 200, "body": "heard"},
            {"path": "/audio/*", "times": -1, "do": "status", "status": 200, "body": "heard"}])");
    }

    [[nodiscard]] std::string filled_in(std::string text, std::string const& token = {}) const
    {
        text = replaced(
            std::move(text), "@@AUTH@@", "Cookie: cartesia_token=" + token + "\r\nX-Voicegate: 1\r\n");
        text = replaced(std::move(text), "@@HOSTUPPER@@", "LOCALHOST");
        text = replaced(std::move(text), "@@HOST@@", "localhost");
        return replaced(std::move(text), "@@PORT@@", std::to_string(at.gate.port()));
    }

    corpus_stage& at = *corpus_stage::standing();
    simulator& upstream = at.on.upstream;
};

std::vector<std::string> pieces(raw_row const& row, std::string const& bytes)
{
    std::vector<std::size_t> cuts;
    if (row.split == "each")
        for (std::size_t i = 1; i < bytes.size(); ++i)
            cuts.push_back(i);
    if (row.split == "cr")
        for (auto i = bytes.find('\r'); i != std::string::npos; i = bytes.find('\r', i + 1))
            cuts.push_back(i + 1);
    for (auto const from_end : row.cuts)
        cuts.push_back(static_cast<std::size_t>(static_cast<long>(bytes.size()) + from_end));
    cuts.push_back(bytes.size());
    std::vector<std::string> out;
    std::size_t begin = 0;
    for (auto const end : cuts) {
        out.push_back(bytes.substr(begin, end - begin));
        begin = end;
    }
    return out;
}

struct heard {
    std::vector<answer> answers;
    bool closed = false;
};

/// Sends a row and listens: to the answers it should bring, and then to the end of the stream. The gateway of
/// this test gives up an idle connection soon, so that a request smuggled in behind shows too.
heard converse(raw_row const& row, std::string const& bytes, std::uint16_t port)
{
    client_options how;
    how.tls = !row.in_clear;
    client one(port, how);
    for (auto const& piece : pieces(row, bytes))
        if (one.offer(piece, patience) != piece.size()) break; // refused before it was all sent
    if (row.half_close) one.close();
    heard out;
    try {
        while (out.answers.empty() || out.answers.back().status != 101) {
            auto const to_head = out.answers.empty() && bytes.starts_with("HEAD");
            auto next = read_head(one, to_head);
            while (read_more(one, next)) {
            }
            out.answers.push_back(std::move(next));
            auto const suspicious =
                row.upstream_max || !row.must_not_forward_target.empty() || row.wanted == verdict::reject;
            if (out.answers.size() >= row.answers && !suspicious) one.close();
        }
        one.close();
        one.receive_to_end();
    } catch (malformed_answer const&) { // the end, where another answer would begin
        if (out.answers.empty() && !one.inbox.empty()) throw;
    }
    out.closed = one.how_ended() != ending::none;
    return out;
}

void check_accepted(
    raw_row const& row,
    heard const& got,
    std::vector<seen_request> const& seen,
    std::vector<std::string>& flaws)
{
    if (got.answers.empty()) {
        flaws.emplace_back("no answer");
        return;
    }
    auto const first = got.answers.front().status;
    if (row.switches ? first != 101 : first / 100 != 2) flaws.push_back("status " + std::to_string(first));
    for (std::size_t i = 1; row.then_reject && i < got.answers.size(); ++i)
        if (got.answers[i].status < 400)
            flaws.push_back("then status " + std::to_string(got.answers[i].status));
    if (!row.then_reject && row.answers > 1 && got.answers.size() != row.answers)
        flaws.push_back(std::to_string(got.answers.size()) + " answers");
    if (row.body && (seen.empty() || seen.front().body_sha256 != sha256_hex(*row.body)))
        flaws.emplace_back("another body reached the upstream");
}

void check_rejected(
    raw_row const& row,
    heard const& got,
    std::vector<seen_request> const& seen,
    std::vector<std::string>& flaws)
{
    if (got.answers.empty() && !got.closed) flaws.emplace_back("neither answer nor end");
    if (!got.answers.empty() && got.answers.front().status < 400 &&
        std::ranges::count(row.statuses, got.answers.front().status) == 0)
        flaws.push_back("status " + std::to_string(got.answers.front().status));
    auto const complete =
        std::ranges::count_if(seen, [](seen_request const& one) { return one.complete && !one.aborted; });
    if (static_cast<std::size_t>(complete) > row.complete_upstream_max)
        flaws.push_back(std::to_string(complete) + " complete requests reached the upstream");
}

std::vector<std::string> flaws_of(raw_row const& row, heard const& got, std::vector<seen_request> const& seen)
{
    std::vector<std::string> flaws;
    for (auto const& one : seen) {
        auto const text = one.text();
        for (auto const& secret : row.must_not_forward)
            if (text.find(secret) != std::string::npos) flaws.push_back("forwarded " + secret);
        if (std::ranges::count(row.must_not_forward_target, one.target) != 0)
            flaws.push_back("forwarded " + one.target);
        if (one.method.empty()) flaws.emplace_back("something malformed was forwarded");
    }
    if (row.upstream_max && seen.size() > *row.upstream_max)
        flaws.push_back(std::to_string(seen.size()) + " requests reached the upstream");
    if (row.wanted == verdict::accept) check_accepted(row, got, seen, flaws);
    if (row.wanted == verdict::reject) check_rejected(row, got, seen, flaws);
    if (row.wanted == verdict::wait &&
        (!got.closed || (!got.answers.empty() && got.answers.front().status < 400)))
        flaws.emplace_back("not given up");
    if (row.no_body && !got.answers.empty() && !got.answers.front().body.empty())
        flaws.emplace_back("a body");
    return flaws;
}

std::string upgrade(std::string const& method, std::string const& target, fields const& more)
{
    return handshake(target, more).replace(0, 3, method);
}

std::vector<raw_row> const raw_rows = read_raw_rows();
std::vector<path_row> const path_rows = read_path_rows();
std::vector<cookie_row> const cookie_rows = read_cookie_rows();

} // namespace

BOOST_FIXTURE_TEST_SUITE(corpus, corpus_scene, *boost::unit_test::fixture<corpus_stage>())

BOOST_DATA_TEST_CASE(raw, data::make(raw_rows), row)
{
    auto const token =
        row.in_clear ? at.gate.mint("tts,stt,agent") : at.all; // one that comes in clear is burnt
    auto const got = converse(row, filled_in(row.bytes, token), at.gate.port());
    auto const flaws = flaws_of(row, got, upstream.requests());
    std::string all;
    for (auto const& flaw : flaws)
        all += flaw + "; ";
    if (is_exception(row.id))
        BOOST_TEST(!flaws.empty(), row.id << " passes: take it off the list of exceptions");
    else
        BOOST_TEST(flaws.empty(), row.id << ": " << all);
}

BOOST_DATA_TEST_CASE(paths, data::make(path_rows), row)
{
    std::array const tokens{
        std::pair{"all",   &at.all  },
        std::pair{"tts",   &at.tts  },
        std::pair{"stt",   &at.stt  },
        std::pair{"agent", &at.agent}
    };
    for (auto const& [who, token] : tokens) {
        auto const target = filled_in(row.target);
        fields const credential{
            {"Cookie", "cartesia_token=" + *token}
        };
        client one(at.gate.port());
        one.send(
            row.websocket ? upgrade(row.method, target, credential)
                          : request(row.method, target, credential, row.method == "POST" ? "{}" : ""));
        auto const got = read_head(one);
        one.close();
        auto const seen =
            got.status == 200 || got.status == 101 ? upstream.requests_over(1) : upstream.requests();
        upstream.forget();
        auto const opens = [&, name = std::string_view(who)](std::string_view grant) {
            return grant != "deny" && (name == "all" || name == grant);
        };
        auto const may = opens(row.grant) || std::ranges::any_of(row.or_else, opens);
        auto const must = opens(row.grant) && std::ranges::count(row.or_else, "deny") == 0;
        BOOST_TEST((may || seen.empty()), row.id << ": reached the upstream with a token for " << who);
        BOOST_TEST(
            (!must || !seen.empty()), row.id << ": refused to a token for " << who << " with " << got.status);
        BOOST_TEST((got.status < 300 || got.status >= 400), row.id << ": a redirect");
        if (!seen.empty() && row.forwarded)
            BOOST_TEST(
                seen.front().target == filled_in(*row.forwarded),
                row.id << ": forwarded as " << seen.front().target);
    }
}

BOOST_DATA_TEST_CASE(cookies, data::make(cookie_rows), row)
{
    auto const& good = at.tts;
    auto forged = at.all;
    forged.back() = forged.back() == 'A' ? 'Q' : 'A';
    char encoded[4];
    std::snprintf(encoded, sizeof encoded, "%%%02X", static_cast<unsigned>(good.front()));
    fields all;
    for (auto const& coded : row.fields) {
        auto value = replaced(coded, "@@TOK_PCT@@", encoded + good.substr(1));
        value = replaced(replaced(std::move(value), "@@TOK@@", good), "@@BAD@@", forged);
        all.push_back({"Cookie", std::move(value)});
    }
    auto const got = ask(at.gate.port(), request("POST", "/tts/bytes", all, "{}"));
    auto const seen = upstream.requests();
    BOOST_TEST((row.may_find || seen.empty()), row.id << ": reached the upstream");
    BOOST_TEST((!row.must_find || !seen.empty()), row.id << ": refused with " << got.status);
    BOOST_TEST((!seen.empty() || got.status >= 400), row.id << ": status " << got.status);
    for (auto const& one : seen)
        BOOST_TEST(one.text().find(good) == std::string::npos, row.id << ": the token was forwarded");
}

BOOST_AUTO_TEST_SUITE_END()
