#pragma once
#include "policy/denial.hpp"
#include "policy/json_members.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// JWS compact serialisation (RFC 7515 §7.1), read as RFC 8725 asks: the key decides the algorithm, the
/// header only has to agree.
namespace policy {

/// Checks signatures under a set of keys. `policy` knows which bytes are signed, not how.
class signature_verifier {
public:
    enum class verdict : std::uint8_t { good, no_such_key, bad_signature };

    virtual ~signature_verifier() = default;
    /// `key_id` and `algorithm` as the header names them, so both a stranger's words: a key is found by its
    /// id, or without one when it is the only key of that algorithm; and it verifies with its own algorithm
    /// or not at all (`no_such_key`).
    [[nodiscard]] virtual verdict verify(
        std::optional<std::string_view> key_id,
        std::string_view algorithm,
        std::string_view signed_text,
        std::span<std::uint8_t const> signature) const noexcept = 0;
};

inline constexpr std::size_t jws_key_id_bytes_max = 128;
inline constexpr std::size_t jws_header_members_max = 32;

/// Verifies `text` and decodes its payload, which may be empty, into the front of `payload` (as large as
/// `text` always suffices); gives its size. `token_malformed`: not three segments of canonical base64url,
/// over `token_bytes_max`, no header that this gateway takes. `token_forged`: no key of that id and
/// algorithm, or not its signature. The header must be one JSON object with `alg`, no member twice, and
/// `typ`, if there, `JWT` or `at+jwt`; one that asks for more than a signature check (`crit`, `b64`, `zip`)
/// or brings keys along
/// (`jwk`, `jku`, `x5u`, `x5c`) is refused, other members are passed over.
[[nodiscard]] boost::system::result<std::size_t, denial>
open_jws(std::string_view text, signature_verifier const& verifier, std::span<std::uint8_t> payload);

/// True when the payload of a JWS, which nobody has verified, is an object whose one `iss` is `issuer`.
[[nodiscard]] bool names_issuer(std::string_view text, std::string_view issuer) noexcept;

/// A name for a JWS that has none, as a revocation needs one: the end of its signature, which tells nobody
/// the rest. 22 letters, so 132 bits: no two signatures share them by chance.
[[nodiscard]] std::string id_from_signature(std::string_view text);

/// Reads the JSON object that a segment holds. False: not canonical base64url, no object, or `sink` said no.
[[nodiscard]] bool read_json_segment(std::string_view segment, json_member_sink& sink) noexcept;

} // namespace policy
