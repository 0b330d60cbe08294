#pragma once
#include "certs/random.hpp"
#include "gateway/base/task.hpp"
#include "gateway/relay/sides.hpp"
#include "gateway/upstream/back_off.hpp"
#include "gateway/upstream/held_sockets.hpp"

#include <string>
#include <string_view>

namespace gateway::relay {

/// Opens the WebSockets that should be held, one after the other, and drops those that are over. An upstream
/// that refuses or ends one is left alone for a while; after a refusal no more are opened of that shape until
/// clients ask for it again.
class socket_opener {
public:
    /// All must outlive the opener.
    socket_opener(upstream::held_sockets& sockets, services with, certs::random_source const& random);

    /// Returns at once where none are to be held, else never.
    [[nodiscard]] task<> keep();

private:
    [[nodiscard]] task<> open(upstream::held_sockets::order what);
    [[nodiscard]] task<std::string>
    ask(upstream::link& to, std::string const& request, std::string const& key);

    upstream::held_sockets& sockets_;
    services with_;
    certs::random_source const& random_;
    upstream::back_off refused_;
};

} // namespace gateway::relay
