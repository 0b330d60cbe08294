#pragma once
#include "gateway/base/field_name.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace gateway::wire {

/// One field line; views point into the bytes that were read, `value` without surrounding white space.
struct field {
    std::string_view name;
    std::string_view value;
    field_name known = field_name::other;
};

/// How long a message's body is (RFC 9112 §6.3).
enum class framing : std::uint8_t {
    none,
    length, ///< `content_length` bytes
    chunked,
    until_close, ///< responses only
};

/// Why a head is refused. Each is certain whatever bytes may follow.
enum class head_flaw : std::uint8_t {
    request_line, ///< method, target or spacing
    version,      ///< HTTP of a version other than 1.0 and 1.1
    target_too_long,
    field_line, ///< name, value, folding, bare CR or LF, NUL
    too_long,   ///< does not end within `head_limits::bytes_max`
    too_many_fields,
    host,        ///< absent, repeated, or not a host and port
    framing,     ///< Content-Length or Transfer-Encoding contradictory, repeated or not understood
    upgrade,     ///< an upgrade that is no WebSocket handshake, or one with a body (RFC 6455 §4.2.1)
    expectation, ///< `Expect` other than 100-continue
    status_line, ///< responses only
};

struct head_limits {
    std::size_t bytes_max = std::size_t{16} * 1024;
    std::size_t target_bytes_max = std::size_t{8} * 1024;
    std::size_t fields_max = 100; ///< at most `fields_capacity`
};

inline constexpr std::size_t fields_capacity = 128;

/// For a response: of its fields, as many as there is room for.
[[nodiscard]] inline head_limits response_limits(std::size_t bytes_max) noexcept
{
    head_limits limits;
    limits.bytes_max = bytes_max;
    limits.fields_max = fields_capacity;
    return limits;
}

/// The fields of one head, in the order in which they came.
class field_list {
public:
    [[nodiscard]] bool push(field const& f) noexcept; ///< false when full
    void clear() noexcept;
    [[nodiscard]] std::span<field const> all() const noexcept { return {fields_.data(), count_}; }
    /// The first field of that name, or nullptr. One look; `known` is not `other`.
    [[nodiscard]] field const* find(field_name known) const noexcept;
    /// The value of the only field of that name; nothing when there is none or more than one.
    [[nodiscard]] std::optional<std::string_view> only(field_name known) const noexcept;
    /// True when there is more than one field of that name.
    [[nodiscard]] bool repeats(field_name known) const noexcept;
    /// True when `name` is one of the options of a `Connection` field (RFC 9110 §7.6.1).
    [[nodiscard]] bool named_in_connection(std::string_view name) const noexcept;
    [[nodiscard]] bool has_connection() const noexcept { return find(field_name::connection) != nullptr; }

private:
    std::array<field, fields_capacity> fields_;
    std::size_t count_ = 0;
    std::array<std::uint8_t, field_names> first_{}; ///< of each known name: index + 1 of its first field
    std::array<bool, field_names> repeated_{};
};

/// A request head that was read strictly (RFC 9112 §2–§6). About 5 KiB: lives in the worker, not in a
/// connection.
struct request_head {
    std::string_view method;
    std::string_view target;
    std::string_view host;
    unsigned minor_version = 1; ///< HTTP/1.minor
    framing body = framing::none;
    std::uint64_t content_length = 0;
    bool keep_alive = true;        ///< as asked for by version and `Connection`
    bool expects_continue = false; ///< and a body is to come
    bool websocket = false;        ///< a complete and correct WebSocket handshake (RFC 6455 §4.2.1)
    std::string_view websocket_key;
    field_list fields;
};

/// A response head that was read strictly.
struct response_head {
    unsigned status = 0;
    unsigned minor_version = 1;
    std::string_view reason;
    framing body =
        framing::none; ///< `none` for 1xx, 204, 304 and the answer to a HEAD, whatever the fields say
    std::uint64_t content_length = 0;
    bool keep_alive = true;
    field_list fields;
};

enum class head_state : std::uint8_t { complete, incomplete, flawed };

struct head_result {
    head_state state = head_state::incomplete;
    head_flaw flaw{};      ///< when flawed
    std::size_t bytes = 0; ///< length of the head with its empty line, when complete
};

/// Reads a request head from the start of `bytes`. The verdict is the same however the bytes were split: a
/// flaw of form is reported as soon as it is certain, one of meaning (`host`, `framing`, `upgrade`,
/// `expectation`, a malformed `Connection`) at the end of the head. `scanned` is where the last call for the
/// same head left off (0 at first, then the start of the line that has not ended); it spares reading the same
/// bytes twice. No allocation. `out` holds something only when the head is complete.
[[nodiscard]] head_result read_request_head(
    std::string_view bytes, head_limits const& limits, std::size_t& scanned, request_head& out) noexcept;

/// The same for a response. `to_head_request`: the answer to a HEAD has no body whatever its fields say.
[[nodiscard]] head_result read_response_head(
    std::string_view bytes,
    head_limits const& limits,
    bool to_head_request,
    std::size_t& scanned,
    response_head& out) noexcept;

} // namespace gateway::wire
