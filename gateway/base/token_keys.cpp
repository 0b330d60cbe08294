#include "gateway/base/token_keys.hpp"

#include "gateway/base/secret_file.hpp"

namespace gateway {

std::vector<certs::key_material> load_token_keys(token_config const& tokens)
{
    auto const& file = tokens.key_file;
    constexpr auto field = "tokens.key_file";
    if (file.empty()) return {};
    auto const text = read_key_file(file, field);
    try {
        return certs::read_key_set(text.reveal());
    } catch (std::runtime_error const& flaw) {
        throw config_error(field, file + ": " + flaw.what());
    }
}

} // namespace gateway
