#include "gateway/base/reply.hpp"

#include <algorithm>
#include <array>

namespace gateway {

namespace {

constexpr std::array<std::string_view, 37> fault_names{
    "not_https",
    "malformed_head",
    "target_too_long",
    "head_too_large",
    "version_not_supported",
    "malformed_upgrade",
    "expectation_failed",
    "malformed_body",
    "body_too_large",
    "request_timeout",
    "malformed_forwarding",
    "upstream_unreachable",
    "upstream_timeout",
    "upstream_bad_answer",
    "credential_unavailable",
    "overloaded",
    "draining",
    "internal",
    "server_key_required",
    "server_key_wrong",
    "bad_own_request",
    "grant_not_yours",
    "lifetime_not_yours",
    "subject_not_yours",
    "no_session",
    "session_over",
    "app_unauthorized",
    "app_forbidden",
    "app_other_user",
    "app_unreachable",
    "app_timeout",
    "app_bad_status",
    "app_bad_answer",
    "handoff_unknown",
    "handoff_expired",
    "handoff_used",
    "no_sealing_key",
};

struct ending {
    stream_end why;
    std::string_view name;
    closing_words words;
};

// 1008 also stops the SDKs' automatic reconnection, which would come back with the same token (contract
// §13.5). Idleness ends as on Cartesia's own agent sockets (contract §6), and the SDKs do not reconnect after
// 1000.
constexpr std::array endings{
    ending{stream_end::token_ended,    "token_ended",    {1008, "access token expired"}    },
    ending{stream_end::revoked,        "revoked",        {1008, "access token revoked"}    },
    ending{stream_end::draining,       "draining",       {1012, "gateway restarts"}        },
    ending{stream_end::upstream_gone,  "upstream_gone",  {1011, "upstream connection lost"}},
    ending{stream_end::client_gone,    "client_gone",    {1001, "client connection lost"}  },
    ending{stream_end::protocol_error, "protocol_error", {1002, "websocket protocol error"}},
    ending{stream_end::too_big,        "too_big",        {1009, "message too big"}         },
    ending{stream_end::idle,           "idle",           {1000, "connection idle timeout"} },
    ending{stream_end::internal,       "internal",       {1011, "internal error"}          },
};

struct phrase {
    unsigned status;
    std::string_view text;
};

constexpr std::array phrases{
    phrase{100, "Continue"                       },
    phrase{101, "Switching Protocols"            },
    phrase{102, "Processing"                     },
    phrase{103, "Early Hints"                    },
    phrase{200, "OK"                             },
    phrase{201, "Created"                        },
    phrase{202, "Accepted"                       },
    phrase{203, "Non-Authoritative Information"  },
    phrase{204, "No Content"                     },
    phrase{205, "Reset Content"                  },
    phrase{206, "Partial Content"                },
    phrase{300, "Multiple Choices"               },
    phrase{301, "Moved Permanently"              },
    phrase{302, "Found"                          },
    phrase{303, "See Other"                      },
    phrase{304, "Not Modified"                   },
    phrase{307, "Temporary Redirect"             },
    phrase{308, "Permanent Redirect"             },
    phrase{400, "Bad Request"                    },
    phrase{401, "Unauthorized"                   },
    phrase{402, "Payment Required"               },
    phrase{403, "Forbidden"                      },
    phrase{404, "Not Found"                      },
    phrase{405, "Method Not Allowed"             },
    phrase{406, "Not Acceptable"                 },
    phrase{407, "Proxy Authentication Required"  },
    phrase{408, "Request Timeout"                },
    phrase{409, "Conflict"                       },
    phrase{410, "Gone"                           },
    phrase{411, "Length Required"                },
    phrase{412, "Precondition Failed"            },
    phrase{413, "Content Too Large"              },
    phrase{414, "URI Too Long"                   },
    phrase{415, "Unsupported Media Type"         },
    phrase{416, "Range Not Satisfiable"          },
    phrase{417, "Expectation Failed"             },
    phrase{421, "Misdirected Request"            },
    phrase{422, "Unprocessable Content"          },
    phrase{425, "Too Early"                      },
    phrase{426, "Upgrade Required"               },
    phrase{428, "Precondition Required"          },
    phrase{429, "Too Many Requests"              },
    phrase{431, "Request Header Fields Too Large"},
    phrase{451, "Unavailable For Legal Reasons"  },
    phrase{500, "Internal Server Error"          },
    phrase{501, "Not Implemented"                },
    phrase{502, "Bad Gateway"                    },
    phrase{503, "Service Unavailable"            },
    phrase{504, "Gateway Timeout"                },
    phrase{505, "HTTP Version Not Supported"     },
    phrase{507, "Insufficient Storage"           },
    phrase{511, "Network Authentication Required"},
};
static_assert(std::ranges::is_sorted(phrases, {}, &phrase::status));

} // namespace

std::string_view log_name(fault why) noexcept
{
    auto const index = static_cast<std::size_t>(why);
    return index < fault_names.size() ? fault_names[index] : "unknown";
}

std::string_view log_name(stream_end why) noexcept
{
    auto const found = std::ranges::find(endings, why, &ending::why);
    return found != endings.end() ? found->name : "unknown";
}

closing_words words_for(stream_end why) noexcept
{
    auto const found = std::ranges::find(endings, why, &ending::why);
    return found != endings.end() ? found->words : closing_words{};
}

std::optional<policy::denial> denial_for(stream_end why) noexcept
{
    if (why == stream_end::token_ended) return policy::denial::token_expired;
    if (why == stream_end::revoked) return policy::denial::token_revoked;
    return std::nullopt;
}

std::string_view reason_phrase(unsigned status) noexcept
{
    auto const found = std::ranges::lower_bound(phrases, status, {}, &phrase::status);
    return found != phrases.end() && found->status == status ? found->text : std::string_view();
}

} // namespace gateway
