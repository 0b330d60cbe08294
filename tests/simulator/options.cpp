#include "tests/simulator/options.hpp"

#include "tests/simulator/text.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <limits>
#include <stdexcept>

namespace simulator {
namespace {

constexpr auto no_limit = std::numeric_limits<unsigned>::max();
constexpr std::array plans{
    plan{"free",      2,        8       },
    plan{"pro",       3,        12      },
    plan{"startup",   5,        20      },
    plan{"scale",     15,       60      },
    plan{"unlimited", no_limit, no_limit},
};

plan plan_of(std::string_view name)
{
    auto const row = std::ranges::find(plans, name, &plan::name);
    if (row == plans.end()) throw std::invalid_argument{"--plan: free, pro, startup, scale or unlimited"};
    return *row;
}

template <class Number>
Number number(std::string_view flag, std::string_view text)
{
    auto const value = read_number<Number>(text);
    if (!value) throw std::invalid_argument{std::string{flag} + ": not a number: " + std::string{text}};
    return *value;
}

on_expiry expiry_of(std::string_view name)
{
    if (name == "keep") return on_expiry::keep;
    if (name == "close") return on_expiry::close;
    if (name == "error") return on_expiry::error;
    throw std::invalid_argument{"--on-expiry: keep, close or error"};
}

std::string first_line_of(std::string const& file)
{
    std::ifstream in{file};
    std::string line;
    if (!std::getline(in, line) || line.empty())
        throw std::invalid_argument{"--api-key-file: cannot read " + file};
    return line;
}

void take(options& into, std::string_view flag, std::string_view value)
{
    if (flag == "--cert")
        into.certificate_file = value;
    else if (flag == "--key")
        into.key_file = value;
    else if (flag == "--port")
        into.port = number<unsigned short>(flag, value);
    else if (flag == "--control-port")
        into.control_port = number<unsigned short>(flag, value);
    else if (flag == "--api-key")
        into.api_key = value;
    else if (flag == "--api-key-file")
        into.api_key = first_line_of(std::string{value});
    else if (flag == "--plan")
        into.limits = plan_of(value);
    else if (flag == "--ws-idle")
        into.socket_idle = std::chrono::seconds{number<unsigned>(flag, value)};
    else if (flag == "--on-expiry")
        into.at_expiry = expiry_of(value);
    else if (flag == "--chunk-pause-ms")
        into.chunk_pause = std::chrono::milliseconds{number<unsigned>(flag, value)};
    else
        throw std::invalid_argument{"unknown flag: " + std::string{flag}};
}

} // namespace

std::string_view usage()
{
    return "cartesia-sim --cert FILE --key FILE [--port N] [--control-port N]\n"
           "  --cert, --key FILE     PEM certificate chain and private key\n"
           "  --port N               HTTPS on 127.0.0.1; 0 (default) takes any free port\n"
           "  --control-port N       plain HTTP control endpoint on 127.0.0.1; 0 (default) any\n"
           "  --api-key KEY          the standard API key (default sk_car_simulator)\n"
           "  --api-key-file FILE    the same, from a file's first line\n"
           "  --plan NAME            free, pro, startup, scale, unlimited (default): concurrency\n"
           "  --ws-idle SECONDS      close WebSockets that idle this long (default: never)\n"
           "  --on-expiry WHAT       keep (default), close, error: open sockets when their token expires\n"
           "  --chunk-pause-ms N     pause between streamed pieces (default 20)\n"
           "  --set-cookie           send Set-Cookie: upstream=1 with every answer\n"
           "Prints one line when ready: cartesia-sim ready https=PORT control=PORT\n";
}

options read_options(std::vector<std::string_view> const& words)
{
    options out;
    out.limits = plan_of("unlimited");
    for (std::size_t i = 0; i < words.size(); ++i) {
        auto const flag = words[i];
        if (flag == "--set-cookie") {
            out.set_cookie = true;
            continue;
        }
        if (i + 1 == words.size())
            throw std::invalid_argument{std::string{flag} + ": unknown, or lacks its value"};
        take(out, flag, words[++i]);
    }
    if (out.certificate_file.empty() || out.key_file.empty())
        throw std::invalid_argument{"--cert and --key are needed"};
    return out;
}

} // namespace simulator
