#include "gateway/base/field_name.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <cctype>
#include <ostream>
#include <string>

namespace data = boost::unit_test::data;
using gateway::field_name;

namespace {

struct name_case {
    std::string_view text;
    field_name name;
};

std::ostream& operator<<(std::ostream& out, name_case const& c) { return out << '"' << c.text << '"'; }

constexpr std::array names{
    name_case{"Access-Control-Max-Age",    field_name::access_control           },
    name_case{"Access-Control-X",          field_name::access_control           },
    name_case{"Access-Control-",           field_name::access_control           },
    name_case{"Sec-Fetch-Site",            field_name::sec_fetch_site           },
    name_case{"X-Voicegate",               field_name::voicegate                },
    name_case{"Authorization",             field_name::authorization            },
    name_case{"Cartesia-Version",          field_name::cartesia_version         },
    name_case{"Connection",                field_name::connection               },
    name_case{"Content-Length",            field_name::content_length           },
    name_case{"Content-Type",              field_name::content_type             },
    name_case{"Cookie",                    field_name::cookie                   },
    name_case{"Date",                      field_name::date                     },
    name_case{"Expect",                    field_name::expect                   },
    name_case{"Forwarded",                 field_name::forwarded                },
    name_case{"Host",                      field_name::host                     },
    name_case{"Keep-Alive",                field_name::keep_alive               },
    name_case{"Origin",                    field_name::origin                   },
    name_case{"Proxy-Authenticate",        field_name::proxy_authenticate       },
    name_case{"Proxy-Authorization",       field_name::proxy_authorization      },
    name_case{"Proxy-Connection",          field_name::proxy_connection         },
    name_case{"Sec-WebSocket-Accept",      field_name::sec_websocket_accept     },
    name_case{"Sec-WebSocket-Extensions",  field_name::sec_websocket_extensions },
    name_case{"Sec-WebSocket-Key",         field_name::sec_websocket_key        },
    name_case{"Sec-WebSocket-Protocol",    field_name::sec_websocket_protocol   },
    name_case{"Sec-WebSocket-Version",     field_name::sec_websocket_version    },
    name_case{"Server",                    field_name::server                   },
    name_case{"Set-Cookie",                field_name::set_cookie               },
    name_case{"Strict-Transport-Security", field_name::strict_transport_security},
    name_case{"TE",                        field_name::te                       },
    name_case{"Trailer",                   field_name::trailer                  },
    name_case{"Transfer-Encoding",         field_name::transfer_encoding        },
    name_case{"Upgrade",                   field_name::upgrade                  },
    name_case{"User-Agent",                field_name::user_agent               },
    name_case{"Via",                       field_name::via                      },
    name_case{"X-API-Key",                 field_name::x_api_key                },
    name_case{"X-Real-IP",                 field_name::x_real_ip                },
    name_case{"X-Voicegate-Refresh",                 field_name::voicegate_refresh                },
    name_case{"X-Request-Id",              field_name::x_request_id             },
    name_case{"X-Forwarded-For",           field_name::x_forwarded              },
    name_case{"X-Forwarded-Client-Cert",   field_name::x_forwarded              },
    name_case{"X-Forwarded",               field_name::x_forwarded              },
    name_case{"X-Original-URL",            field_name::spoofable_identity       },
    name_case{"X-Rewrite-URL",             field_name::spoofable_identity       },
    name_case{"X-HTTP-Method-Override",    field_name::spoofable_identity       },
    name_case{"X-HTTP-Method",             field_name::spoofable_identity       },
    name_case{"X-Method-Override",         field_name::spoofable_identity       },
    name_case{"X-Auth-Request-User",       field_name::spoofable_identity       },
    name_case{"X-Authenticated-User",      field_name::spoofable_identity       },
    name_case{"X-Remote-User",             field_name::spoofable_identity       },
    name_case{"Remote-User",               field_name::spoofable_identity       },
    name_case{"True-Client-IP",            field_name::spoofable_identity       },
    name_case{"X-Client-IP",               field_name::spoofable_identity       },
    name_case{"X-Cluster-Client-IP",       field_name::spoofable_identity       },
    name_case{"CF-Connecting-IP",          field_name::spoofable_identity       },
    name_case{"Fastly-Client-IP",          field_name::spoofable_identity       },
    name_case{"X_API_Key",                 field_name::spoofable_identity       },
    name_case{"X.API.Key",                 field_name::spoofable_identity       },
    name_case{"Content_Length",            field_name::spoofable_identity       },
    name_case{"_",                         field_name::spoofable_identity       },
    name_case{"Accept",                    field_name::other                    },
    name_case{"Hos",                       field_name::other                    },
    name_case{"Hosts",                     field_name::other                    },
    name_case{"Access-Control",            field_name::other                    },
    name_case{"Sec-Fetch-Mode",            field_name::other                    },
    name_case{"Hxst",                      field_name::other                    },
    name_case{"X-Original",                field_name::other                    },
    name_case{"X",                         field_name::other                    },
    name_case{"",                          field_name::other                    },
};

std::string changed(std::string_view text, int (*change)(int))
{
    std::string out;
    for (char const c : text)
        out += static_cast<char>(change(static_cast<unsigned char>(c)));
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(base_field_name)

BOOST_DATA_TEST_CASE(a_name_is_known_in_any_case, data::make(names), c)
{
    BOOST_TEST((gateway::read_field_name(c.text) == c.name));
    BOOST_TEST((gateway::read_field_name(changed(c.text, std::tolower)) == c.name));
    BOOST_TEST((gateway::read_field_name(changed(c.text, std::toupper)) == c.name));
}

BOOST_AUTO_TEST_CASE(every_enumerator_has_a_name)
{
    std::array<bool, gateway::field_names> seen{};
    for (auto const& c : names)
        seen[static_cast<std::size_t>(c.name)] = true;
    for (bool const one : seen)
        BOOST_TEST(one);
}

BOOST_AUTO_TEST_SUITE_END()
