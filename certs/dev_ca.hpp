#pragma once
#include "certs/random.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace certs {

/// Makes what local development needs in `directory` (created, mode 0700): `ca.pem`, `ca.key`, and a leaf for
/// `localhost`, 127.0.0.1 and ::1: `localhost.pem` (the chain: the leaf alone, since whoever checks it holds
/// the CA), `localhost.key`; ECDSA P-256; keys mode 0600; the CA is valid for ten years, the leaf for 397
/// days. An existing CA is used again, so that a browser that trusts it goes on to. More `names` (DNS or IP)
/// are added to the leaf. Throws `std::runtime_error` naming the file, or the name that is none.
void make_development_certificates(
    std::filesystem::path const& directory,
    std::vector<std::string> const& names,
    std::chrono::system_clock::time_point now);

} // namespace certs
