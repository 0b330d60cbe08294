#pragma once
#include "certs/issue.hpp"
#include "certs/tls_context.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

/// A directory that goes with its test.
class scratch_directory {
public:
    scratch_directory();
    scratch_directory(scratch_directory const&) = delete;
    scratch_directory& operator=(scratch_directory const&) = delete;
    scratch_directory(scratch_directory&&) = delete;
    scratch_directory& operator=(scratch_directory&&) = delete;
    ~scratch_directory();
    [[nodiscard]] std::filesystem::path operator/(std::string const& name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

enum class key_kind { p256, rsa_2048, rsa_1024 };

struct leaf_order {
    std::string name;         ///< of the files
    std::string alternatives; ///< "DNS:a.test,IP:::1"
    key_kind kind = key_kind::p256;
    std::chrono::hours valid_from{-1};
    std::chrono::hours valid_until{1};
    std::string common_name = "leaf";
};

/// A certificate authority of its own, in a directory of its own, that certifies whatever a test asks for.
class test_authority {
public:
    explicit test_authority(std::string const& name = "test CA");
    [[nodiscard]] std::string file() const { return (directory_ / "ca.pem").string(); }
    [[nodiscard]] std::filesystem::path operator/(std::string const& name) const { return directory_ / name; }
    [[nodiscard]] certs::certificate_files issue(leaf_order const& order) const
    {
        return write(order, &identity_);
    }
    [[nodiscard]] certs::certificate_files self_signed(leaf_order const& order) const
    {
        return write(order, nullptr);
    }

    /// Writes a list of the certificates in `revoked`; returns its file.
    [[nodiscard]] std::string revoke(
        std::vector<std::string> const& revoked,
        std::chrono::hours made = std::chrono::hours{-1},
        std::chrono::hours next = std::chrono::hours{1}) const;

private:
    [[nodiscard]] certs::certificate_files
    write(leaf_order const& order, certs::identity const* issuer) const;

    scratch_directory directory_;
    certs::identity identity_;
};
