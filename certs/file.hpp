#pragma once
#include "certs/secret.hpp"

#include <sys/types.h>

#include <filesystem>
#include <string_view>

namespace certs {

/// A whole file of at most 1 MiB. Throws `std::runtime_error` naming the file.
[[nodiscard]] secret read_file(std::filesystem::path const& path);

/// Puts a file in place at once and with its mode from the first byte on, so that nobody ever sees half of it
/// or may read a key for a moment. Throws `std::runtime_error` naming the file; then what was there is
/// untouched.
void write_file(std::filesystem::path const& path, std::string_view bytes, mode_t mode);

} // namespace certs
