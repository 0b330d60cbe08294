#pragma once
#include "certs/secret.hpp"

#include <sys/types.h>

#include <filesystem>
#include <string_view>

namespace certs {

/// A whole file of at most 1 MiB. Throws `std::runtime_error` naming the file.
[[nodiscard]] secret read_file(std::filesystem::path const& path);

/// The same of a file that holds a key: it must be closed to everyone but its owner and, for reading, its
/// group, through which service managers hand keys out (Kubernetes' `fsGroup`). Who owns it is not looked at:
/// in a container that is whoever made it outside.
[[nodiscard]] secret read_private_file(std::filesystem::path const& path);
/// What `read_private_file` demands, of a file that was read already. Throws `std::runtime_error` with name,
/// mode and remedy; one that is not there is no flaw.
void check_private(std::filesystem::path const& path);

/// Puts a file in place at once and with its mode from the first byte on, so that nobody ever sees half of it
/// or may read a key for a moment. Throws `std::runtime_error` naming the file; then what was there is
/// untouched.
void write_file(std::filesystem::path const& path, std::string_view bytes, mode_t mode);

} // namespace certs
