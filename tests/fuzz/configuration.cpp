#include "gateway/base/config.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/fuzz/targets.hpp"

namespace fuzz {

/// A configuration is taken, or refused with the path of a field; its files are not looked at.
void configuration(std::string_view bytes)
{
    try {
        auto const got = gateway::read_config(bytes, "/etc/voicegate");
        promise(!got.tls.certificates.empty() || got.listen.https.empty(), "who serves has a certificate");
        for (auto const& files : got.tls.certificates)
            promise(files.chain.starts_with('/') && files.key.starts_with('/'), "file names are absolute");
        promise(got.limits.head_bytes > 0 && got.limits.relay_window_bytes > 0, "every limit is one");
        promise(got.upstream.port != 0 && !got.upstream.host.empty(), "there is an upstream");
    } catch (gateway::config_error const& refused) {
        promise(!refused.where().empty(), "what is refused has a place");
    }
}

} // namespace fuzz
