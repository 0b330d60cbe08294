#pragma once
#include "gateway/wire/body.hpp"
#include "gateway/wire/head.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace gateway::upstream {

/// Reads one HTTP answer whole, as strictly as the data path does. Interim answers (RFC 9110 §15.2) are
/// passed over. No I/O.
class answer_reader {
public:
    enum class state : std::uint8_t { more, whole, flawed, too_large };

    static constexpr std::size_t head_bytes_max = std::size_t{16} * 1024; ///< with the interim ones

    explicit answer_reader(std::size_t body_bytes_max) noexcept : body_bytes_max_(body_bytes_max) {}

    /// Takes what has come; it may be changed. What stands behind the end of the answer is dropped.
    void feed(std::span<char> bytes);
    /// The connection ended in good order: whole, if that is how this body ends, else flawed.
    void end() noexcept;

    [[nodiscard]] state now() const noexcept { return now_; }
    [[nodiscard]] unsigned status() const noexcept { return status_; }          ///< 0: no head yet
    [[nodiscard]] std::string take_date() noexcept { return std::move(date_); } ///< its only `Date`, or empty
    [[nodiscard]] std::string take_body() noexcept { return std::move(text_); }

private:
    void read_head();
    void take(std::span<char> bytes);

    std::size_t body_bytes_max_;
    std::string head_; ///< what has come, until the head is whole
    std::size_t scanned_ = 0;
    unsigned status_ = 0;
    std::string date_;
    wire::body_decoder body_;
    std::string text_;
    state now_ = state::more;
};

} // namespace gateway::upstream
