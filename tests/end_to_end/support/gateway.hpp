/// The program under test: a `voicegate serve` with a configuration of its own.
#pragma once
#include "tests/end_to_end/support/simulator.hpp"

#include <boost/json/value.hpp>

namespace e2e {

class gateway {
public:
    static constexpr std::string_view server_key = "vgk_canary_server_key_77ac";

    /// `files`: holds ca.pem, server.pem, server.key, api.key and tokens.jwk; `name` tells its own files
    /// apart. `changes` is merged into the configuration (JSON merge patch, RFC 7396); `before` comes in
    /// front of the command.
    gateway(
        scratch_directory const& files,
        std::string name,
        std::uint16_t upstream_port,
        std::string_view changes = "{}",
        std::vector<std::string> before = {});

    /// Ends the program as an operator would. An end that is not in good order fails the test that runs.
    ~gateway();
    gateway(gateway const&) = delete;
    gateway& operator=(gateway const&) = delete;

    [[nodiscard]] std::uint16_t port() const { return https_; }
    [[nodiscard]] std::uint16_t plain_port() const { return http_; }
    [[nodiscard]] std::uint16_t admin_port() const { return admin_; }
    [[nodiscard]] std::string const& configuration_file() const { return configuration_file_; }
    [[nodiscard]] process& program() { return process_; }

    /// A sealed token, from the gateway's own POST /access-token. `grants`: comma-separated, may be empty.
    [[nodiscard]] std::string
    mint(std::string_view grants, seconds life = seconds{600}, std::string_view subject = "user-7") const;
    [[nodiscard]] std::string access_log() const { return read_file(log_file_); }
    [[nodiscard]] std::string const& log_file() const { return log_file_; }
    /// The access log, once `text` is in it.
    std::string await_log(std::string_view text) const;
    [[nodiscard]] std::string errors() const { return process_.errors(); }
    [[nodiscard]] answer admin(std::string_view target) const;
    /// The number behind `name`, with its labels, in its metrics.
    [[nodiscard]] std::uint64_t metric(std::string_view name) const;
    [[nodiscard]] std::size_t open_descriptors() const; ///< by its own metrics: others may not look
    /// SIGHUP; returns when it has been read.
    void reload();
    /// SIGHUP, which must be refused: what stderr says of it.
    [[nodiscard]] std::string refused_reload();
    /// Writes another configuration into its file.
    void reconfigure(std::uint16_t upstream_port, std::string_view changes) const;
    /// A POST to the admin listener, as an operator's tool sends it.
    [[nodiscard]] answer order(std::string_view target, std::string_view body = "{}") const;
    [[nodiscard]] answer revoke(std::string_view body) const { return order("/revoke", body); }

private:
    void hang_up(std::string const& counted_as);

    scratch_directory const& files_;
    std::string name_;
    std::string configuration_file_;
    std::string log_file_;
    process process_;
    std::uint16_t https_ = 0;
    std::uint16_t http_ = 0;
    std::uint16_t admin_ = 0;
};

[[nodiscard]] std::string voicegate_program();
[[nodiscard]] std::string sha256_hex(std::string_view text);
/// Writes a configuration as `gateway` does; returns its path.
[[nodiscard]] std::string write_configuration(
    scratch_directory const& files,
    std::string const& name,
    std::uint16_t upstream_port,
    std::string_view changes = "{}");

} // namespace e2e
