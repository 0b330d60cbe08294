#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace gateway {

/// What can be read anew while the gateway serves, part by part: a file of keys, later more. All parts are
/// read and validated before the first is put in force, so a flaw in one of them leaves everything as it was.
/// For the control thread alone.
class reload {
public:
    /// Puts in force what a part has read; must not fail.
    using step = std::function<void()>;
    /// Reads and validates one part. Throws what it throws at start-up: `config_error`, or any
    /// `std::exception`.
    using part = std::function<step()>;

    void add(part one) { parts_.push_back(std::move(one)); }
    /// Nothing: all that was read is in force. Else nothing has changed, and the text says what is wrong: the
    /// field's path and the remedy, one line.
    [[nodiscard]] std::optional<std::string> run() const;

private:
    std::vector<part> parts_;
};

} // namespace gateway
