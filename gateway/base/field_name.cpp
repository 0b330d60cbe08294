#include "gateway/base/field_name.hpp"

#include "gateway/base/chars.hpp"

#include <algorithm>
#include <array>

namespace gateway {
namespace {

struct known_name {
    std::string_view text; ///< in lower case
    field_name name;
};

constexpr std::array known{
    known_name{"authorization",             field_name::authorization            },
    known_name{"cartesia-version",          field_name::cartesia_version         },
    known_name{"connection",                field_name::connection               },
    known_name{"content-length",            field_name::content_length           },
    known_name{"content-type",              field_name::content_type             },
    known_name{"cookie",                    field_name::cookie                   },
    known_name{"date",                      field_name::date                     },
    known_name{"expect",                    field_name::expect                   },
    known_name{"forwarded",                 field_name::forwarded                },
    known_name{"host",                      field_name::host                     },
    known_name{"keep-alive",                field_name::keep_alive               },
    known_name{"origin",                    field_name::origin                   },
    known_name{"proxy-authenticate",        field_name::proxy_authenticate       },
    known_name{"proxy-authorization",       field_name::proxy_authorization      },
    known_name{"proxy-connection",          field_name::proxy_connection         },
    known_name{"sec-fetch-site",            field_name::sec_fetch_site           },
    known_name{"sec-websocket-accept",      field_name::sec_websocket_accept     },
    known_name{"sec-websocket-extensions",  field_name::sec_websocket_extensions },
    known_name{"sec-websocket-key",         field_name::sec_websocket_key        },
    known_name{"sec-websocket-protocol",    field_name::sec_websocket_protocol   },
    known_name{"sec-websocket-version",     field_name::sec_websocket_version    },
    known_name{"server",                    field_name::server                   },
    known_name{"set-cookie",                field_name::set_cookie               },
    known_name{"set-cookie2",               field_name::set_cookie               }, // obsolete, RFC 6265 §9
    known_name{"cookie2",                   field_name::spoofable_identity       },
    known_name{"strict-transport-security", field_name::strict_transport_security},
    known_name{"te",                        field_name::te                       },
    known_name{"trailer",                   field_name::trailer                  },
    known_name{"transfer-encoding",         field_name::transfer_encoding        },
    known_name{"upgrade",                   field_name::upgrade                  },
    known_name{"user-agent",                field_name::user_agent               },
    known_name{"via",                       field_name::via                      },
    known_name{"x-api-key",                 field_name::x_api_key                },
    known_name{"x-voicegate",               field_name::voicegate                },
    known_name{"x-voicegate-refresh",       field_name::voicegate_refresh        },
    known_name{"x-real-ip",                 field_name::x_real_ip                },
    known_name{"x-request-id",              field_name::x_request_id             },
 // names by which proxies tell servers who a client is, or what it really asked for
    known_name{"cf-connecting-ip",          field_name::spoofable_identity       },
    known_name{"fastly-client-ip",          field_name::spoofable_identity       },
    known_name{"remote-user",               field_name::spoofable_identity       },
    known_name{"true-client-ip",            field_name::spoofable_identity       },
    known_name{"x-client-ip",               field_name::spoofable_identity       },
    known_name{"x-cluster-client-ip",       field_name::spoofable_identity       },
    known_name{"x-method-override",         field_name::spoofable_identity       },
    known_name{"x-remote-user",             field_name::spoofable_identity       },
};

/// Families of names: whatever begins so.
constexpr known_name of_other_origins{"access-control-", field_name::access_control};
constexpr std::array families{
    known_name{"x-forwarded",   field_name::x_forwarded       },
    known_name{"x-original-",   field_name::spoofable_identity},
    known_name{"x-rewrite-",    field_name::spoofable_identity},
    known_name{"x-http-method", field_name::spoofable_identity},
    known_name{"x-auth",        field_name::spoofable_identity},
};

// Length, first and last letter tell all known names apart; `hash` spreads them over a table without a
// collision, so that a name costs one look and one comparison.
constexpr std::size_t slots = 256;

constexpr std::size_t hash(std::string_view text, std::size_t factor) noexcept
{
    auto const first = static_cast<unsigned char>(chars::lower(text.front()));
    auto const last = static_cast<unsigned char>(chars::lower(text.back()));
    return ((text.size() * 31 + first) * factor + last) % slots;
}

struct name_table {
    std::size_t factor = 0;
    std::array<std::uint8_t, slots> row{}; ///< index into `known` + 1
};

consteval name_table make_table()
{
    for (std::size_t factor = 1; factor < 2000; ++factor) {
        name_table table{factor, {}};
        bool const fits = std::ranges::all_of(known, [&](known_name const& k) {
            auto& row = table.row[hash(k.text, factor)];
            if (row != 0) return false;
            row = static_cast<std::uint8_t>(&k - known.data() + 1);
            return true;
        });
        if (fits) return table;
    }
    return {};
}

constexpr auto table = make_table();
static_assert(table.factor != 0, "no factor spreads the names: change `hash` or `slots`");

constexpr bool is_of(known_name const& family, std::string_view text) noexcept
{
    return chars::is_same_word(text.substr(0, family.text.size()), family.text);
}

constexpr field_name read_unlisted(std::string_view text) noexcept
{
    if (text.find_first_of("_.") != text.npos) return field_name::spoofable_identity;
    if (is_of(of_other_origins, text)) return of_other_origins.name;
    if (text.size() < 2 || text[1] != '-' || chars::lower(text[0]) != 'x') return field_name::other;
    for (auto const& family : families)
        if (is_of(family, text)) return family.name;
    return field_name::other;
}

} // namespace

field_name read_field_name(std::string_view text) noexcept
{
    if (text.empty()) return field_name::other;
    auto const row = table.row[hash(text, table.factor)];
    if (row != 0 && chars::is_same_word(text, known[row - 1U].text)) return known[row - 1U].name;
    return read_unlisted(text);
}

} // namespace gateway
