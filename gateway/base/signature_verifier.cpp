#include "gateway/base/signature_verifier.hpp"

namespace gateway {

policy::signature_verifier::verdict signature_verifier::verify(
    std::optional<std::string_view> key_id,
    std::string_view algorithm,
    std::string_view signed_text,
    std::span<std::uint8_t const> signature) const noexcept
{
    using from = certs::signature_keys::verdict;
    switch (keys_.get().verify(key_id, algorithm, signed_text, signature)) {
    case from::good:
        return verdict::good;
    case from::no_such_key:
        if (key_id && missing_) missing_();
        return verdict::no_such_key;
    case from::bad_signature:
        break;
    }
    return verdict::bad_signature;
}

} // namespace gateway
