#include "gateway/base/token_cipher.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>

using namespace gateway;
using namespace std::chrono_literals;

namespace {

constexpr policy::seconds_since_epoch now{1'800'000'000s};

struct entry {
    std::string id;
    certs::key_term term{};
};

/// Each id has one key, in whichever set it stands.
std::shared_ptr<certs::key_set const> set_of(std::initializer_list<entry> entries)
{
    certs::key_set out;
    for (auto const& one : entries)
        out.push_back({one.id, certs::secret(std::string(32, one.id.front())), one.term});
    return std::make_shared<certs::key_set const>(std::move(out));
}

std::vector<std::uint8_t> bytes(std::string_view text) { return {text.begin(), text.end()}; }

/// What a gateway with these keys has, at a time.
struct holder {
    explicit holder(std::initializer_list<entry> entries) : keys(set_of(entries)) {}

    published<certs::key_set> keys;
    token_cipher cipher{keys};

    [[nodiscard]] bool opens(std::string_view id, policy::seconds_since_epoch at) const
    {
        // sealed by one that has just this key, always
        holder const other{{std::string(id)}};
        auto text = bytes("claims");
        policy::aead_tag tag{};
        BOOST_TEST_REQUIRE(other.cipher.seal(id, {}, "aad", text, tag));
        auto const opened = cipher.open(id, {}, "aad", text, tag, at);
        auto const is_wiped = std::ranges::all_of(text, [](auto b) { return b == 0; });
        BOOST_TEST((opened ? text == bytes("claims") : is_wiped));
        return opened;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(token_ciphers)

BOOST_AUTO_TEST_CASE(the_first_key_seals_and_all_open)
{
    holder const both{{"new"}, {"old"}};
    BOOST_TEST(both.cipher.sealing_key(now) == "new");
    BOOST_TEST(both.opens("new", now));
    BOOST_TEST(both.opens("old", now));
    BOOST_TEST(!both.opens("gone", now));
}

BOOST_AUTO_TEST_CASE(what_is_not_authentic_is_wiped)
{
    holder const both{{"new"}, {"old"}};
    policy::aead_tag tag{};
    auto text = bytes("claims");
    BOOST_TEST(both.cipher.seal("new", {}, "aad", text, tag));
    BOOST_TEST(!both.cipher.open("old", {}, "aad", text, tag, now));
    BOOST_TEST(std::ranges::all_of(text, [](auto b) { return b == 0; }));
}

BOOST_AUTO_TEST_CASE(the_first_active_key_seals)
{
    holder const ring{
        {"next",  {.not_before = now + 60s}                           },
        {"this",  {.not_before = now - 60s, .not_after = now + 3'600s}},
        {"spare", {}                                                  },
    };
    BOOST_TEST(ring.cipher.sealing_key(now - 61s) == "spare");
    BOOST_TEST(ring.cipher.sealing_key(now - 60s) == "this");
    BOOST_TEST(ring.cipher.sealing_key(now + 59s) == "this");
    BOOST_TEST(ring.cipher.sealing_key(now + 60s) == "next");
}

BOOST_AUTO_TEST_CASE(a_key_opens_before_its_begin_and_not_after_its_end)
{
    holder const ring{
        {"key", {.not_before = now, .not_after = now + 60s}}
    };
    BOOST_TEST(ring.opens("key", now - 1s)); // another gateway's clock is ahead
    BOOST_TEST(ring.opens("key", now + 59s));
    BOOST_TEST(!ring.opens("key", now + 60s));
    BOOST_TEST(ring.cipher.sealing_key(now - 1s) == "");
    BOOST_TEST(ring.cipher.sealing_key(now + 60s) == "");
}

BOOST_AUTO_TEST_CASE(keys_can_be_replaced_while_they_are_in_use)
{
    holder ring{{"old"}};
    BOOST_TEST(ring.opens("old", now));
    ring.keys.publish(set_of({{"new"}, {"old"}}));
    BOOST_TEST(ring.cipher.sealing_key(now) == "new");
    BOOST_TEST(ring.opens("old", now));
    ring.keys.publish(set_of({{"new"}}));
    BOOST_TEST(!ring.opens("old", now));
    BOOST_TEST(ring.opens("new", now));
    ring.keys.publish(set_of({}));
    BOOST_TEST(ring.cipher.sealing_key(now) == "");
    BOOST_TEST(!ring.opens("new", now));
}

BOOST_AUTO_TEST_CASE(what_is_being_sealed_is_not_disturbed_by_new_keys)
{
    holder ring{{"old"}};
    auto const id = ring.cipher.sealing_key(now);
    ring.keys.publish(set_of({{"new"}}));
    auto text = bytes("claims");
    policy::aead_tag tag{};
    BOOST_TEST(id == "old");
    BOOST_TEST(ring.cipher.seal(id, {}, "aad", text, tag));
    BOOST_TEST(ring.cipher.sealing_key(now) == "new");
}

BOOST_AUTO_TEST_CASE(every_thread_has_its_own_and_all_see_the_new_keys)
{
    published<certs::key_set> keys{set_of({{"a"}})};
    std::atomic<unsigned> seen{0};
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            token_cipher const own(keys);
            auto const deadline = std::chrono::steady_clock::now() + 20s;
            while (own.sealing_key(now) != "z")
                if (std::chrono::steady_clock::now() > deadline) return;
            ++seen;
        });
    for (auto const* id : {"b", "c", "d", "z"})
        keys.publish(set_of({{id}, {"a"}}));
    threads.clear();
    BOOST_TEST(seen == 4U);
}

BOOST_AUTO_TEST_SUITE_END()
