#include "gateway/cli/run.hpp"

#include "gateway/cli/commands.hpp"

#include <algorithm>
#include <array>

namespace gateway::cli {

namespace {

struct command {
    std::string_view name;
    std::string_view operand; ///< how help calls it; empty: none
    std::string_view summary;
    std::span<option const> options;
    int (*run)(arguments const&, surroundings const&);
};

// clang-format off
constexpr option config_option{"--config", "FILE", "the configuration, JSON with comments", true};
constexpr std::array serve_options_known{
    config_option,
    option{"--threads", "N", "event loops, in place of the configuration's `threads`"},
    option{"--admin", "HOST:PORT", "the admin address, in place of the configuration's `listen.admin`"},
    option{"--print-ports", "", "write the bound ports to stdout as one line of JSON"},
};
constexpr std::array check_options{config_option};
constexpr std::array doctor_options{config_option};
constexpr std::array mint_options{
    config_option,
    option{"--grants", "LIST", "what the token may be used for: tts,stt,agent", true},
    option{"--expires-in", "TIME", "its life, such as 60s; default: tokens.lifetime_default"},
    option{"--subject", "NAME", "the user it is for, as the app names it"},
};
constexpr std::array keygen_options{
    option{"--active-in", "TIME", "when the key begins to seal, such as 1h: after every gateway has read it; default: at once"},
    option{"--valid-for", "TIME", "how long it seals, and opens what it sealed, such as 90d; default: no end"},
    option{"--keep", "N", "how many keys the file has then, the new one among them; default: 3"},
};
constexpr std::array dev_options{
    option{"--name", "NAME", "one more DNS name or IP address for the certificate", false, true},
};
constexpr std::array health_options{
    option{"--config", "FILE", "take the admin address from this configuration"},
    option{"--admin", "HOST:PORT", "the admin address; default: 127.0.0.1:9100"},
    option{"--alive", "", "ask whether it is alive, be it ready or not"},
};

constexpr std::array commands{
    command{"serve", "", "run the gateway", serve_options_known, &serve},
    command{"check", "", "explain what a configuration does, or what is wrong with it", check_options, &check},
    command{"doctor", "", "look at what is around the gateway: names, upstream, key, clock, files, limits; say what to do", doctor_options, &doctor},
    command{"keygen tokens", "FILE", "make the keys that seal tokens, or put a new one before those in FILE", keygen_options, &keygen_tokens},
    command{"keygen server", "NAME", "make a server key for POST /access-token and its configuration entry", {}, &keygen_server},
    command{"mint", "", "print a token sealed with the configuration's keys", mint_options, &mint},
    command{"certs dev", "DIR", "make a local CA and a certificate for localhost", dev_options, &certs_dev},
    command{"health", "", "ask a running gateway whether it is ready", health_options, &health},
    command{"version", "", "print the version", {}, &version},
};
// clang-format on

std::string padded(std::string text, std::size_t width)
{
    text.resize(std::max(width, text.size() + 1), ' ');
    return text;
}

void print_overview(std::ostream& out)
{
    out << "voicegate: an authenticating TLS gateway for the Cartesia voice API\n\nusage: voicegate COMMAND "
           "…\n\n";
    for (auto const& c : commands)
        out << "  " << padded(std::string(c.name).append(" ").append(c.operand), 22) << c.summary << '\n';
    out << "\n`voicegate COMMAND --help` tells more.\n"
           "exit codes: 0 all went well, 1 failed, 2 called wrongly, 78 flawed configuration\n";
}

void print_help(command const& about, std::ostream& out)
{
    out << "usage: voicegate " << about.name;
    for (auto const& o : about.options) {
        auto const form = std::string(o.name).append(o.value.empty() ? "" : " ").append(o.value);
        out << (o.required ? " " + form : " [" + form + "]") << (o.repeatable ? "…" : "");
    }
    if (!about.operand.empty()) out << ' ' << about.operand;
    out << "\n\n" << about.summary << "\n\n";
    for (auto const& o : about.options)
        out << "  " << padded(std::string(o.name).append(" ").append(o.value), 22) << o.help << '\n';
}

/// How many of the first `words` are the name of `c`; 0: they are not.
std::size_t name_length(command const& c, std::span<std::string const> words)
{
    auto const space = c.name.find(' ');
    if (space == std::string_view::npos) return words[0] == c.name ? 1 : 0;
    auto const both =
        words.size() > 1 && words[0] == c.name.substr(0, space) && words[1] == c.name.substr(space + 1);
    return both ? 2 : 0;
}

bool asks_for_help(std::string const& word) { return word == "--help" || word == "-h"; }

int run_command(command const& c, std::span<std::string const> rest, surroundings const& with)
{
    if (std::ranges::any_of(rest, asks_for_help)) {
        print_help(c, with.out);
        return exit_ok;
    }
    try {
        return c.run(arguments(rest, c.options, c.operand.empty() ? 0 : 1), with);
    } catch (usage_error const& wrong) {
        with.err << "voicegate " << c.name << ": " << wrong.what() << "\nsee `voicegate " << c.name
                 << " --help`\n";
        return exit_usage;
    } catch (config_error const& wrong) {
        with.err << wrong.what() << '\n';
        return exit_configuration;
    } catch (std::exception const& failed) {
        with.err << "voicegate " << c.name << ": " << failed.what() << '\n';
        return exit_failed;
    }
}

} // namespace

int run(std::span<std::string const> words, surroundings const& with)
{
    if (words.empty()) {
        print_overview(with.err);
        return exit_usage;
    }
    if (asks_for_help(words[0]) || words[0] == "help") {
        print_overview(with.out);
        return exit_ok;
    }
    if (words[0] == "--version") return run_command(commands.back(), {}, with);
    for (auto const& c : commands)
        if (auto const length = name_length(c, words); length > 0)
            return run_command(c, words.subspan(length), with);
    auto const is_first_word = [&](command const& c) { return c.name.starts_with(words[0] + ' '); };
    if (std::ranges::any_of(commands, is_first_word) && words.size() > 1 && asks_for_help(words[1])) {
        print_overview(with.out);
        return exit_ok;
    }
    with.err << "voicegate: unknown command " << words[0] << "\nsee `voicegate --help`\n";
    return exit_usage;
}

} // namespace gateway::cli
