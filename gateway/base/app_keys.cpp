#include "gateway/base/app_keys.hpp"

#include "certs/file.hpp"

namespace gateway {

namespace {

/// Does `step`; what goes wrong in it is told with the field's path, and with `before` before it.
template <class Step>
auto told(std::string const& before, Step step)
{
    try {
        return step();
    } catch (std::runtime_error const& flaw) {
        throw config_error("tokens.jwt.keys_file", before + flaw.what());
    }
}

} // namespace

std::shared_ptr<certs::signature_keys const> load_app_keys(token_config const& tokens)
{
    using certs::signature_keys;
    auto const& file = tokens.app_keys_file;
    if (file.empty()) return std::make_shared<signature_keys const>();
    auto const text = told("cannot read ", [&] { return certs::read_file(file); });
    auto keys = told(file + ": ", [&] { return std::make_shared<signature_keys const>(text.reveal()); });
    if (keys->hold_secrets()) told("cannot read ", [&] { certs::check_private(file); });
    return keys;
}

} // namespace gateway
