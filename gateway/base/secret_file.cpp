#include "gateway/base/secret_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gateway {

namespace {

constexpr std::string_view white_space = " \t\r\n\v\f";

struct file_descriptor {
    int number;
    explicit file_descriptor(std::string const& name)
        : number(open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY))
    {
    }
    ~file_descriptor()
    {
        if (number >= 0) close(number);
    }
    file_descriptor(file_descriptor const&) = delete;
    file_descriptor& operator=(file_descriptor const&) = delete;
};

[[noreturn]] void refuse_file(std::string const& path, std::string const& name)
{
    throw config_error(
        path, "cannot read " + name + ": " + std::strerror(errno)); // NOLINT(concurrency-mt-unsafe)
}

/// Into one allocation, so that no freed copy is left behind.
std::string read_all(file_descriptor const& file, std::string const& name, std::string const& path)
{
    std::string text(secret_bytes_max + 1, '\0');
    std::size_t filled = 0;
    while (filled < text.size()) {
        auto const got = read(file.number, text.data() + filled, text.size() - filled);
        if (got < 0) refuse_file(path, name);
        if (got == 0) break;
        filled += static_cast<std::size_t>(got);
    }
    if (filled > secret_bytes_max)
        throw config_error(
            path, name + " is longer than " + std::to_string(secret_bytes_max) + " bytes; it is no key");
    text.resize(filled);
    return text;
}

loaded_secret only_line(std::string&& text, std::string const& path)
{
    auto const first = text.find_first_not_of(white_space);
    if (first == std::string::npos) throw config_error(path, "is empty; put the key there, one line");
    auto const end = text.find_last_not_of(white_space) + 1;
    std::copy(
        text.begin() + static_cast<std::ptrdiff_t>(first),
        text.begin() + static_cast<std::ptrdiff_t>(end),
        text.begin());
    certs::wipe(std::span(text).subspan(end - first));
    text.resize(end - first);
    auto const is_plain = [](char c) { return c > 0x20 && c < 0x7f; };
    if (!std::ranges::all_of(text, is_plain)) {
        certs::wipe(text);
        throw config_error(path, "has stray white space or other bytes within the key; it must be one word");
    }
    return {certs::secret(std::move(text)), {}};
}

loaded_secret from_file(std::string const& name, std::string const& path)
{
    auto const file = file_descriptor(name);
    struct stat about {};
    if (file.number < 0 || fstat(file.number, &about) != 0) refuse_file(path, name);
    auto out = only_line(read_all(file, name, path), path);
    if ((about.st_mode & S_IROTH) != 0)
        out.warning = path + ": " + name + " can be read by every user of this machine; chmod 600 it";
    return out;
}

} // namespace

std::optional<std::string> process_environment(std::string const& name)
{
    auto const* value = std::getenv(name.c_str()); // NOLINT(concurrency-mt-unsafe)
    if (!value) return std::nullopt;
    return value;
}

loaded_secret load_secret(secret_place const& from, std::string const& path, environment const& get)
{
    if (!from.file.empty()) return from_file(from.file, path + ".file");
    if (!from.credential.empty()) {
        auto const directory = get("CREDENTIALS_DIRECTORY");
        if (!directory)
            throw config_error(
                path + ".credential",
                "$CREDENTIALS_DIRECTORY is not set: LoadCredential= in the unit sets it");
        return from_file(*directory + "/" + from.credential, path + ".credential");
    }
    if (from.environment.empty()) throw config_error(path, "is not given");
    auto text = get(from.environment);
    if (!text) throw config_error(path + ".environment", "$" + from.environment + " is not set");
    if (text->size() > secret_bytes_max)
        throw config_error(path + ".environment", "$" + from.environment + " is too long");
    return only_line(std::move(*text), path + ".environment");
}

} // namespace gateway
