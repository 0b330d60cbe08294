#include "gateway/base/config_rules.hpp"
#include "gateway/base/config_values.hpp"
#include "gateway/cli/commands.hpp"
#include "gateway/cli/load.hpp"

#include <charconv>
#include <filesystem>

namespace gateway::cli {

namespace {

constexpr unsigned threads_max = 1'024;

unsigned read_threads(std::string const& text)
{
    unsigned number = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (ec != std::errc{} || end != text.data() + text.size() || number > threads_max)
        throw usage_error("--threads must be a number from 0 to " + std::to_string(threads_max));
    return number;
}

} // namespace

int serve(arguments const& given, surroundings const& with)
{
    auto const file = std::filesystem::absolute(*given.get("--config")).string();
    auto const threads = given.get("--threads");
    auto const admin = given.get("--admin");
    auto const read = [=] {
        auto out = load_config(file);
        if (threads) out.threads = read_threads(*threads);
        if (admin) out.listen.admin = read_endpoint(*admin, "--admin");
        return out;
    };
    auto const configuration = read();
    auto const flaws = unusable_files(configuration);
    for (auto const& flaw : flaws)
        with.err << flaw.what() << '\n';
    if (!flaws.empty()) return exit_configuration;
    serve_options options;
    options.config_file = file;
    options.read_anew = read;
    options.print_ports = given.has("--print-ports");
    return with.serve(configuration, options);
}

int version(arguments const&, surroundings const& with)
{
    with.out << "voicegate " VOICEGATE_VERSION "\n";
    return exit_ok;
}

} // namespace gateway::cli
