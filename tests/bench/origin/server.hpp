#pragma once
#include "tests/bench/origin/connection.hpp"

#include <unordered_map>

namespace bench::origin {

/// Accepts connections and serves them, all on this thread.
class server {
public:
    server(std::string const& chain_file, std::string const& key_file, std::uint16_t port);

    [[nodiscard]] std::uint16_t port() const;
    [[noreturn]] void run();

private:
    void accept_clients();
    void serve_due();

    tls_context tls_;
    descriptor listener_;
    poller sockets_;
    timers<alarm> later_;
    std::unordered_map<connection*, std::shared_ptr<connection>> clients_;
};

} // namespace bench::origin
