#include "gateway/base/config_changes.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <functional>
#include <ostream>

using namespace gateway;
using namespace std::chrono_literals;

namespace {

struct change {
    char const* field;
    void (*make)(config&);
};

std::ostream& operator<<(std::ostream& out, change const& one) { return out << one.field; }

// clang-format off
constexpr std::array restarts{
    change{"listen.https",                    [](config& of) { of.listen.https = {{"127.0.0.1", 1}}; }   },
    change{"listen.http",                     [](config& of) { of.listen.http.clear(); }                 },
    change{"listen.admin",                    [](config& of) { of.listen.admin.reset(); }                },
    change{"listen.backlog",                  [](config& of) { of.listen.backlog = 7; }                  },
    change{"listen.reuse_port",               [](config& of) { of.listen.reuse_port = true; }            },
    change{"threads",                         [](config& of) { of.threads = 3; }                         },
    change{"limits.connections_per_address",  [](config& of) { of.limits.connections_per_address = 7; }  },
    change{"limits.memory",                   [](config& of) { of.limits.memory = 1ULL << 30U; }         },
    change{"limits.failures",                 [](config& of) { of.limits.failures = 7; }                 },
    change{"limits.failure_refill",           [](config& of) { of.limits.failure_refill = 7ms; }         },
    change{"limits.failure_entries",          [](config& of) { of.limits.failure_entries = 777; }        },
    change{"limits.rejected_for",             [](config& of) { of.limits.rejected_for = 7ms; }           },
    change{"tokens.revocations_max",          [](config& of) { of.tokens.revocations_max = 77; }         },
    change{"session.handoffs_max",            [](config& of) { of.session.handoffs_max = 77; }           },
    change{"log.access",                      [](config& of) { of.log.access = "off"; }                  },
    change{"log.queue_bytes",                 [](config& of) { of.log.queue_bytes = 1U << 20U; }         },
    change{"process.user",                    [](config& of) { of.process.user = "voice"; }              },
    change{"process.chroot",                  [](config& of) { of.process.chroot = "/srv"; }             },
    change{"process.seccomp",                 [](config& of) { of.process.seccomp = false; }             },
    change{"process.landlock",                [](config& of) { of.process.landlock = false; }            },
};

constexpr std::array reloads{
    change{"listen.proxy_protocol", [](config& of) { of.listen.proxy_protocol = true; }                  },
    change{"tls.certificates",      [](config& of) { of.tls.certificates = {{"a", "b"}}; }               },
    change{"tls.ticket_rotation",   [](config& of) { of.tls.ticket_rotation = 7s; }                      },
    change{"upstream.url",          [](config& of) { of.upstream.host = "elsewhere"; }                   },
    change{"upstream.warm",         [](config& of) { of.upstream.warm.connections_min = 7; }             },
    change{"tokens.key_file",       [](config& of) { of.tokens.key_file = "other"; }                     },
    change{"tokens.accept",         [](config& of) { of.tokens.judge.accepts_cartesia = false; }         },
    change{"tokens.server_keys",    [](config& of) { of.tokens.server_keys.emplace_back(); }             },
    change{"session.lifetime",      [](config& of) { of.session.lifetime = 7s; }                         },
    change{"session.authorize_url", [](config& of) { of.session.authorize.url.host = "app"; }            },
    change{"browsers.origins",      [](config& of) { of.tokens.judge.origins = {"https://a.example"}; }  },
    change{"routes",                [](config& of) { of.routes.emplace_back(); }                         },
    change{"limits.body_bytes",     [](config& of) { of.limits.body_bytes = 7; }                         },
    change{"limits.connections",    [](config& of) { of.limits.connections = 7; }                        },
    change{"drain.deadline",        [](config& of) { of.drain.deadline = 7s; }                           },
    change{"reload.watch",          [](config& of) { of.reload.watch = false; }                          },
};
// clang-format on

} // namespace

BOOST_AUTO_TEST_SUITE(config_changes)

BOOST_AUTO_TEST_CASE(what_is_the_same_needs_nothing)
{
    BOOST_TEST((config() == config()));
    BOOST_CHECK_NO_THROW(check_changes(config(), config()));
}

BOOST_DATA_TEST_CASE(what_only_a_start_can_give_is_refused_by_name, restarts, one)
{
    config const now;
    config next;
    one.make(next);
    auto const names_it = [&](takes_restart const& told) {
        BOOST_TEST(told.what() == one.field + std::string(": takes a restart"));
        return told.where() == one.field;
    };
    BOOST_CHECK_EXCEPTION(check_changes(now, next), takes_restart, names_it);
}

BOOST_DATA_TEST_CASE(all_else_can_change_while_it_serves, reloads, one)
{
    config const now;
    config next;
    one.make(next);
    BOOST_TEST(!(next == now));
    BOOST_CHECK_NO_THROW(check_changes(now, next));
}

BOOST_AUTO_TEST_SUITE_END()
