#pragma once
#include "gateway/base/field_name.hpp"

namespace gateway {

/// What happens to a field on its way. Fields named in `Connection` never pass, whatever the table says.
enum class passage : std::uint8_t {
    pass,     ///< as it is, in its place
    drop,     ///< never passes
    replaced, ///< the peer's is dropped, the gateway writes its own
};

struct field_rule {
    field_name name;
    passage request;  ///< client to upstream
    passage response; ///< upstream to client
};

[[nodiscard]] passage request_passage(field_name name) noexcept;
[[nodiscard]] passage response_passage(field_name name) noexcept;

} // namespace gateway
