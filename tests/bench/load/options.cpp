#include "tests/bench/load/options.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace bench::load {

namespace {

template <class Number>
Number read_number(std::string const& text)
{
    Number out{};
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (ec != std::errc{} || end != text.data() + text.size()) throw usage_error("not a number: " + text);
    return out;
}

seconds read_seconds(std::string const& text) { return seconds(read_number<double>(text)); }

work read_work(std::string const& name)
{
    constexpr std::array<std::pair<std::string_view, work>, 7> names{
        {{"http", work::http},
         {"sse", work::sse},
         {"echo", work::echo},
         {"push", work::push},
         {"handshake", work::handshake},
         {"idle-https", work::idle_https},
         {"idle-websocket", work::idle_websocket}}
    };
    for (auto const& [known, kind] : names)
        if (known == name) return kind;
    throw usage_error("no work is called " + name);
}

/// NAME:PID,NAME:PID…
std::vector<watched_process> read_watched(std::string_view list)
{
    std::vector<watched_process> out;
    while (!list.empty()) {
        auto const one = list.substr(0, list.find(','));
        list.remove_prefix(std::min(list.size(), one.size() + 1));
        auto const colon = one.find(':');
        if (colon == one.npos) throw usage_error("--watch takes NAME:PID,NAME:PID…");
        auto const id = std::string(one.substr(colon + 1));
        out.push_back({std::string(one.substr(0, colon)), read_number<pid_t>(id)});
    }
    return out;
}

struct setting {
    std::string_view name;
    void (*take)(options&, std::string const&);
};

constexpr std::array settings{
    setting{"--work",           [](options& o, std::string const& v) { o.kind = read_work(v); }                         },
    setting{"--port",           [](options& o, std::string const& v) { o.port = read_number<std::uint16_t>(v); }        },
    setting{
            "--connections",    [](options& o, std::string const& v) { o.connections = read_number<std::size_t>(v); }   },
    setting{"--path",           [](options& o, std::string const& v) { o.path = v; }                                    },
    setting{"--cookie",         [](options& o, std::string const& v) { o.cookie = v; }                                  },
    setting{
            "--body-bytes",     [](options& o, std::string const& v) { o.body_bytes = read_number<std::size_t>(v); }    },
    setting{
            "--message-bytes",  [](options& o, std::string const& v) { o.message_bytes = read_number<std::size_t>(v); } },
    setting{
            "--push-messages",  [](options& o, std::string const& v) { o.push_messages = read_number<std::size_t>(v); } },
    setting{
            "--push-bytes",     [](options& o, std::string const& v) { o.push_bytes = read_number<std::size_t>(v); }    },
    setting{"--resume",         [](options& o, std::string const& v) { o.resume = v == "yes"; }                         },
    setting{"--warm-up",        [](options& o, std::string const& v) { o.warm_up = read_seconds(v); }                   },
    setting{"--seconds",        [](options& o, std::string const& v) { o.duration = read_seconds(v); }                  },
    setting{
            "--operations-min", [](options& o, std::string const& v) { o.operations_min = read_number<std::size_t>(v); }},
    setting{"--stagger",        [](options& o, std::string const& v) { o.stagger = read_seconds(v); }                   },
    setting{"--hold",           [](options& o, std::string const& v) { o.hold = read_seconds(v); }                      },
    setting{"--watch",          [](options& o, std::string const& v) { o.watched = read_watched(v); }                   },
};

} // namespace

options read_options(std::span<std::string const> words)
{
    options out;
    for (std::size_t i = 0; i < words.size(); i += 2) {
        auto const* const found = std::ranges::find(settings, std::string_view(words[i]), &setting::name);
        if (found == settings.end()) throw usage_error("unknown option " + words[i]);
        if (i + 1 == words.size()) throw usage_error(words[i] + " needs a value");
        found->take(out, words[i + 1]);
    }
    if (out.port == 0) throw usage_error("--port must be given");
    if (out.connections == 0) throw usage_error("--connections must be at least 1");
    return out;
}

} // namespace bench::load
