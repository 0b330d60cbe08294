#pragma once
#include "certs/tls_context.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace bench {

/// A directory with development certificates, which goes with its owner.
class certificate_directory {
public:
    certificate_directory();
    certificate_directory(certificate_directory const&) = delete;
    certificate_directory& operator=(certificate_directory const&) = delete;
    ~certificate_directory();

    [[nodiscard]] std::string authority() const { return (path_ / "ca.pem").string(); }
    [[nodiscard]] certs::certificate_files leaf() const
    {
        return {(path_ / "localhost.pem").string(), (path_ / "localhost.key").string()};
    }

private:
    std::filesystem::path path_;
};

/// For the peers that this program plays: a client that checks nothing, an upstream that gives no tickets.
[[nodiscard]] certs::context_ptr careless_client();
[[nodiscard]] certs::context_ptr plain_server(certs::certificate_files const& leaf);

} // namespace bench
