#include "tests/gateway/wire/frames.hpp"

#include <boost/test/unit_test.hpp>

#include <random>
#include <vector>

using namespace gateway::wire;
using namespace gateway::wire::test;

namespace {

class sequence {
public:
    sequence(std::mt19937& random, flow way) : random_{random}, way_{way} {}

    /// A random sequence of valid frames; `messages` data messages end in it.
    std::string make(std::size_t frames)
    {
        std::string out;
        while (frames-- != 0)
            out += below(4) == 0 ? control() : data();
        return out;
    }

    std::uint64_t messages = 0;

private:
    std::size_t below(std::size_t n) { return random_() % n; }

    std::string bytes(std::size_t size)
    {
        std::string out(size, '\0');
        for (auto& c : out)
            c = static_cast<char>(random_());
        return out;
    }

    std::string control() { return frame(way_, below(2) == 0 ? 0x89 : 0x8a, bytes(below(126))); }

    std::string data()
    {
        constexpr std::array<std::size_t, 5> sizes{1, 20, 130, 3000, 70'000};
        bool const last = below(3) != 0;
        unsigned const opcode = in_message_ ? 0U : 1U + static_cast<unsigned>(below(2));
        in_message_ = !last;
        if (last) ++messages;
        return frame(way_, opcode | (last ? 0x80U : 0U), bytes(below(sizes[below(20) == 0 ? 4 : below(4)])));
    }

    std::mt19937& random_;
    flow way_;
    bool in_message_ = false;
};

} // namespace

BOOST_AUTO_TEST_SUITE(wire_frame_random)

BOOST_AUTO_TEST_CASE(valid_frames_come_out_as_they_went_in)
{
    std::mt19937 random{6455};
    for (int round = 0; round < 600; ++round) {
        auto const way = round % 2 == 0 ? flow::from_client : flow::from_server;
        sequence frames{random, way};
        auto const bytes = frames.make(1 + random() % 12);
        std::size_t const step_max = round % 3 == 0 ? 4 : 1500;
        frame_follower follower{way, {}};
        auto const got = follow(follower, bytes, [&] { return 1 + random() % step_max; });
        BOOST_REQUIRE(!got.flaw.has_value());
        BOOST_REQUIRE(got.out == bytes);
        BOOST_REQUIRE_EQUAL(follower.messages(), frames.messages);
        BOOST_REQUIRE(follower.at_boundary());
    }
}

// Whatever the bytes are: the same passes and the same is found wrong, in one piece or in many.
BOOST_AUTO_TEST_CASE(damaged_frames_have_one_verdict_for_every_split)
{
    std::mt19937 random{1002};
    constexpr frame_limits limits{4000, 5000};
    int flawed = 0;
    for (int round = 0; round < 3000; ++round) {
        sequence frames{random, flow::from_client};
        auto bytes = frames.make(1 + random() % 5);
        for (auto edits = random() % 3; edits != 0; --edits)
            bytes[random() % bytes.size()] = static_cast<char>(random());
        frame_follower whole{flow::from_client, limits};
        auto const expected = follow(whole, bytes, [&] { return bytes.size(); });
        frame_follower split{flow::from_client, limits};
        auto const got = follow(split, bytes, [&] { return 1 + random() % 9; });
        BOOST_REQUIRE(got.out == expected.out);
        BOOST_REQUIRE((got.flaw == expected.flaw));
        BOOST_REQUIRE(got.closed == expected.closed);
        BOOST_REQUIRE(bytes.starts_with(got.out));
        flawed += got.flaw.has_value() ? 1 : 0;
    }
    BOOST_TEST(flawed > 300);
}

BOOST_AUTO_TEST_SUITE_END()
