#include "gateway/base/app_keys.hpp"

#include "certs/file.hpp"

#include <sys/stat.h>

namespace gateway {

loaded_app_keys load_app_keys(token_config const& tokens)
{
    auto const& file = tokens.app_keys_file;
    if (file.empty()) return {std::make_shared<certs::signature_keys const>(), {}};
    constexpr auto field = "tokens.jwt.keys_file";
    auto const text = [&] {
        try {
            return certs::read_file(file);
        } catch (std::runtime_error const& flaw) {
            throw config_error(field, std::string("cannot read ") + flaw.what());
        }
    }();
    loaded_app_keys out;
    try {
        out.keys = std::make_shared<certs::signature_keys const>(text.reveal());
    } catch (std::runtime_error const& flaw) {
        throw config_error(field, file + ": " + flaw.what());
    }
    struct stat about {};
    if (out.keys->hold_secrets() && stat(file.c_str(), &about) == 0 && (about.st_mode & S_IROTH) != 0)
        out.warning = std::string(field) + ": " + file +
                      " holds HMAC secrets and can be read by every user of this machine; chmod 600 it";
    return out;
}

} // namespace gateway
