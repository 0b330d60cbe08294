#include "gateway/base/app_keys.hpp"

#include "certs/file.hpp"
#include "gateway/base/told.hpp"

namespace gateway {

std::shared_ptr<certs::signature_keys const> load_app_keys(token_config const& tokens)
{
    using certs::signature_keys;
    auto const& file = tokens.app_keys_file;
    if (file.empty()) return std::make_shared<signature_keys const>();
    constexpr auto field = "tokens.jwt.keys_file";
    auto const text = told(
        field, [&] { return certs::read_file(file); }, "cannot read ");
    auto const read = [&] { return std::make_shared<signature_keys const>(text.reveal()); };
    auto keys = told(field, read, file + ": ");
    if (keys->hold_secrets())
        told(
            field, [&] { certs::check_private(file); }, "cannot read ");
    return keys;
}

} // namespace gateway
