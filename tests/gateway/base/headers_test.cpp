#include "gateway/base/headers.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <ostream>
#include <string_view>

namespace data = boost::unit_test::data;
using gateway::passage;
using enum gateway::passage;

namespace {

struct rule_case {
    std::string_view name;
    passage request;
    passage response;
};

std::ostream& operator<<(std::ostream& out, rule_case const& c) { return out << c.name; }

constexpr std::array cases{
  // what belongs to one hop
    rule_case{"Connection",                drop,     drop    },
    rule_case{"Keep-Alive",                drop,     drop    },
    rule_case{"Proxy-Authenticate",        drop,     drop    },
    rule_case{"Proxy-Authorization",       drop,     drop    },
    rule_case{"Proxy-Connection",          drop,     drop    },
    rule_case{"TE",                        drop,     drop    },
    rule_case{"Trailer",                   drop,     drop    },
    rule_case{"Transfer-Encoding",         drop,     drop    },
    rule_case{"Upgrade",                   drop,     drop    },
    rule_case{"Content-Length",            replaced, replaced},
    rule_case{"Expect",                    drop,     pass    },
 // who the client is is for the gateway to say
    rule_case{"Authorization",             drop,     pass    },
    rule_case{"Cookie",                    drop,     pass    },
    rule_case{"X-API-Key",                 drop,     pass    },
    rule_case{"X_API_Key",                 drop,     pass    },
    rule_case{"X.API.Key",                 drop,     pass    },
    rule_case{"X-Forwarded-For",           replaced, pass    },
    rule_case{"X-Forwarded-Proto",         replaced, pass    },
    rule_case{"Forwarded",                 replaced, pass    },
    rule_case{"X-Real-IP",                 drop,     pass    },
    rule_case{"X-Original-URL",            drop,     pass    },
    rule_case{"X-HTTP-Method-Override",    drop,     pass    },
    rule_case{"Host",                      replaced, pass    },
    rule_case{"Via",                       replaced, replaced},
    rule_case{"X-Request-Id",              replaced, pass    },
 // what the upstream may not set at the client
    rule_case{"Set-Cookie",                drop,     drop    },
    rule_case{"Strict-Transport-Security", pass,     replaced},
    rule_case{"Access-Control-Max-Age",    drop,     replaced},
    rule_case{"Sec-WebSocket-Extensions",  drop,     drop    },
    rule_case{"Sec-WebSocket-Accept",      drop,     pass    },
 // what goes end to end
    rule_case{"Sec-WebSocket-Key",         pass,     pass    },
    rule_case{"Sec-WebSocket-Version",     pass,     pass    },
    rule_case{"Sec-WebSocket-Protocol",    pass,     pass    },
    rule_case{"Cartesia-Version",          pass,     pass    },
    rule_case{"Content-Type",              pass,     pass    },
    rule_case{"Date",                      pass,     pass    },
    rule_case{"Origin",                    pass,     pass    },
    rule_case{"Sec-Fetch-Site",            pass,     pass    },
    rule_case{"X-Voicegate",               drop,     drop    },
    rule_case{"X-Voicegate-Refresh",       drop,     drop    },
    rule_case{"Server",                    pass,     pass    },
    rule_case{"User-Agent",                pass,     pass    },
    rule_case{"Accept-Encoding",           pass,     pass    },
};

} // namespace

BOOST_AUTO_TEST_SUITE(base_headers)

BOOST_DATA_TEST_CASE(each_field_has_its_passage_in_each_direction, data::make(cases), c)
{
    auto const name = gateway::read_field_name(c.name);
    BOOST_TEST((gateway::request_passage(name) == c.request));
    BOOST_TEST((gateway::response_passage(name) == c.response));
}

BOOST_AUTO_TEST_SUITE_END()
