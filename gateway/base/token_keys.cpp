#include "gateway/base/token_keys.hpp"

#include "gateway/base/secret_file.hpp"
#include "gateway/base/told.hpp"

namespace gateway {

namespace {

constexpr auto field = "tokens.key_file";

certs::key_set read_keys(std::string const& file)
{
    auto const text = read_key_file(file, field);
    return told(
        field, [&] { return certs::read_key_set(text.reveal()); }, file + ": ");
}

} // namespace

std::shared_ptr<certs::key_set const>
load_token_keys(token_config const& tokens, std::chrono::sys_seconds now)
{
    auto const& file = tokens.key_file;
    if (file.empty()) return std::make_shared<certs::key_set const>();
    auto keys = read_keys(file);
    if (certs::sealing_ends(keys, now) == now)
        throw config_error(
            field,
            file + ": no key is active now (nbf, exp); `voicegate keygen tokens " + file + "` adds one");
    return std::make_shared<certs::key_set const>(std::move(keys));
}

} // namespace gateway
