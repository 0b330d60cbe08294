#include "gateway/base/headers.hpp"

#include <array>
#include <cstddef>

namespace gateway {
namespace {

using enum passage;

// One row a name, in the order of `field_name`.
constexpr std::array rules{
    field_rule{field_name::other,                     pass,     pass    },
 // This hop's own business (RFC 9110 §7.6.1). Framing is written anew, so the peer's never contradicts it.
    field_rule{field_name::connection,                drop,     drop    },
    field_rule{field_name::content_length,            replaced, replaced},
    field_rule{field_name::expect,                    drop,     pass    }, // answered by the gateway
    field_rule{field_name::host,                      replaced, pass    },
    field_rule{field_name::keep_alive,                drop,     drop    },
    field_rule{field_name::proxy_authenticate,        drop,     drop    },
    field_rule{field_name::proxy_authorization,       drop,     drop    },
    field_rule{field_name::proxy_connection,          drop,     drop    },
    field_rule{field_name::te,                        drop,     drop    },
    field_rule{field_name::trailer,                   drop,     drop    }, // trailers themselves never pass
    field_rule{field_name::transfer_encoding,         drop,     drop    },
    field_rule{field_name::upgrade,                   drop,     drop    }, // a tunnel writes its own
  // Key and answer pass end to end; extensions do not, since frames are followed without inflating them.
    field_rule{field_name::sec_websocket_accept,      drop,     pass    },
    field_rule{field_name::sec_websocket_extensions,  drop,     drop    },
    field_rule{field_name::sec_websocket_key,         pass,     pass    },
    field_rule{field_name::sec_websocket_protocol,    pass,     pass    },
    field_rule{field_name::sec_websocket_version,     pass,     pass    },
 // The client's credentials end here, the upstream's cookies do too.
    field_rule{field_name::authorization,             drop,     pass    },
    field_rule{field_name::cookie,                    drop,     pass    },
    field_rule{field_name::set_cookie,                drop,     drop    },
    field_rule{field_name::x_api_key,                 drop,     pass    },
 // Claims about who asks: the gateway says what it knows itself.
    field_rule{field_name::forwarded,                 replaced, pass    },
    field_rule{field_name::via,                       replaced, replaced},
    field_rule{field_name::x_forwarded,               replaced, pass    },
    field_rule{field_name::x_real_ip,                 drop,     pass    },
    field_rule{field_name::spoofable_identity,        drop,     pass    },
 // Who may read an answer is the gateway's word (base/cross_origin), never the upstream's.
    field_rule{field_name::access_control,            drop,     replaced},
    field_rule{field_name::origin,                    pass,     pass    },
    field_rule{field_name::sec_fetch_site,            pass,     pass    },
    field_rule{field_name::cartesia_version,          pass,     pass    },
    field_rule{field_name::content_type,              pass,     pass    },
    field_rule{field_name::date,                      pass,     pass    },
    field_rule{field_name::server,                    pass,     pass    },
    field_rule{field_name::strict_transport_security, pass,     replaced},
    field_rule{field_name::user_agent,                pass,     pass    },
    field_rule{field_name::voicegate,                 drop,     drop    }, // for the gateway itself
    field_rule{field_name::voicegate_refresh,         drop,     drop    }, // a wish to the gateway itself
    field_rule{field_name::x_request_id,              replaced, pass    },
};

consteval bool has_a_row_for_each_name()
{
    for (std::size_t i = 0; i < rules.size(); ++i)
        if (static_cast<std::size_t>(rules[i].name) != i) return false;
    return rules.size() == field_names;
}
static_assert(
    has_a_row_for_each_name(), "each field_name has exactly one row, in the order of the enumeration");

} // namespace

passage request_passage(field_name name) noexcept { return rules[static_cast<std::size_t>(name)].request; }
passage response_passage(field_name name) noexcept { return rules[static_cast<std::size_t>(name)].response; }

} // namespace gateway
