#pragma once
#include <string_view>

namespace policy {

/// What is held against the sender of a request, and against what it shows. Asked before anything is read of
/// the credential, and before any cryptography.
class standing {
public:
    virtual ~standing() = default;
    /// False: too much has failed from there for `credential` to be tried now.
    [[nodiscard]] virtual bool may_try(std::string_view credential) noexcept = 0;
    /// Whether Cartesia, which alone can verify this token of its own, refused it a short while ago.
    [[nodiscard]] virtual bool was_rejected(std::string_view token) const noexcept = 0;
};

} // namespace policy
