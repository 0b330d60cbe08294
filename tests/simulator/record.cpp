#include "tests/simulator/record.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace simulator {

namespace json = boost::json;

namespace {

json::object to_json(socket_tally const& s)
{
    json::array texts;
    for (auto const& text : s.first_texts)
        texts.emplace_back(text);
    json::object out{
        {"text_received",   s.text_received  },
        {"text_sent",       s.text_sent      },
        {"binary_received", s.binary_received},
        {"binary_sent",     s.binary_sent    },
        {"bytes_received",  s.bytes_received },
        {"bytes_sent",      s.bytes_sent     },
        {"pings",           s.pings          },
        {"pongs",           s.pongs          },
        {"close_code",      s.close_code     },
        {"close_reason",    s.close_reason   },
        {"closed_by",       s.closed_by      },
        {"messages",        std::move(texts) },
    };
    return out;
}

json::object to_json(record const& r)
{
    json::array headers;
    for (auto const& [name, value] : r.headers)
        headers.push_back(json::array{name, value});
    json::object out{
        {"n",                r.n                               },
        {"connection",       r.connection                      },
        {"sni",              r.server_name                     },
        {"method",           r.method                          },
        {"target",           r.target                          },
        {"version",          r.protocol                        },
        {"cartesia_version", r.cartesia_version                },
        {"headers",          std::move(headers)                },
        {"body_bytes",       r.body_bytes                      },
        {"body_sha256",      r.body_sha256                     },
        {"body",             r.body_text                       },
        {"transport",        r.websocket ? "websocket" : "http"},
        {"complete",         r.complete                        },
        {"aborted",          r.aborted                         },
        {"status",           r.status                          },
        {"websocket",        nullptr                           },
    };
    if (r.websocket) out["websocket"] = to_json(r.socket);
    return out;
}

} // namespace

std::shared_ptr<record> recorder::begin(request_head const& head)
{
    auto entry = std::make_shared<record>();
    entry->n = next_++;
    entry->method = head.method;
    entry->target = head.target;
    entry->protocol = head.protocol;
    entry->headers = head.headers;
    records_.push_back(entry);
    if (records_.size() > records_max) records_.pop_front();
    changes_.ring();
    return entry;
}

void recorder::end(record& what)
{
    what.complete = !what.aborted;
    changes_.ring();
}

void recorder::clear()
{
    records_.clear();
    changes_.ring();
}

std::size_t recorder::over() const
{
    return static_cast<std::size_t>(std::ranges::count_if(records_, [](auto const& r) { return r->over(); }));
}

json::array recorder::to_json() const
{
    json::array out;
    for (auto const& r : records_)
        out.push_back(simulator::to_json(*r));
    return out;
}

} // namespace simulator
