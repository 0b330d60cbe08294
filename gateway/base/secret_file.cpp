#include "gateway/base/secret_file.hpp"

#include "certs/file.hpp"
#include "gateway/base/told.hpp"

#include <algorithm>
#include <cstdlib>

namespace gateway {

namespace {

constexpr std::string_view white_space = " \t\r\n\v\f";

certs::secret only_line(std::string text, std::string const& path)
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
    return certs::secret(std::move(text));
}

certs::secret from_file(std::string const& name, std::string const& path)
{
    auto const text = read_key_file(name, path);
    if (text.reveal().size() > secret_bytes_max)
        throw config_error(
            path, name + " is longer than " + std::to_string(secret_bytes_max) + " bytes; it is no key");
    return only_line(std::string(text.reveal()), path);
}

} // namespace

std::optional<std::string> process_environment(std::string const& name)
{
    auto const* value = std::getenv(name.c_str()); // NOLINT(concurrency-mt-unsafe)
    if (!value) return std::nullopt;
    return value;
}

certs::secret read_key_file(std::string const& name, std::string const& path)
{
    return told(
        path, [&] { return certs::read_private_file(name); }, "cannot read ");
}

certs::secret load_secret(secret_place const& from, std::string const& path, environment const& get)
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
