#pragma once
#include "certs/signature_keys.hpp"
#include "gateway/base/published.hpp"
#include "policy/jws.hpp"

#include <functional>
#include <utility>

namespace gateway {

/// The app's keys as `policy` sees them. They can be replaced while requests are served: what is verified
/// after `publish` is verified with the new ones. One for each thread (see `published::reader`).
class signature_verifier final : public policy::signature_verifier {
public:
    /// `keys` must outlive the verifier. `missing` is called when a token names a key that is not there; it
    /// must not throw.
    explicit signature_verifier(
        published<certs::signature_keys> const& keys, std::function<void()> missing = {})
        : keys_(keys), missing_(std::move(missing))
    {
    }

    [[nodiscard]] verdict verify(
        std::optional<std::string_view> key_id,
        std::string_view algorithm,
        std::string_view signed_text,
        std::span<std::uint8_t const> signature) const noexcept override;

private:
    mutable published<certs::signature_keys>::reader keys_;
    std::function<void()> missing_;
};

} // namespace gateway
