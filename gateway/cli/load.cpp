#include "gateway/cli/load.hpp"

#include "gateway/base/told.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace gateway::cli {

std::string read_file(std::string const& name)
{
    std::ifstream file(name, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!file.is_open() || file.bad())
        throw std::runtime_error(
            "cannot read " + name + ": " + std::strerror(errno)); // NOLINT(concurrency-mt-unsafe)
    return text;
}

config load_config(std::string const& file)
{
    auto const text = told(file, [&] { return read_file(file); });
    return read_config(text, std::filesystem::absolute(file).parent_path().string());
}

} // namespace gateway::cli
