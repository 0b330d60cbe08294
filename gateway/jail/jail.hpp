#pragma once
#include "gateway/base/config.hpp"
#include "gateway/base/secret_file.hpp"
#include "gateway/jail/secrecy.hpp"

#include <ostream>

namespace gateway::jail {

/// Sanitizers and coverage look into the process and write files at its end, so that a build with them has
/// neither seccomp nor Landlock; `enter` says so.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(VOICEGATE_INSTRUMENTED)
inline constexpr bool instrumented = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
inline constexpr bool instrumented = true;
#else
inline constexpr bool instrumented = false;
#endif
#else
inline constexpr bool instrumented = false;
#endif

/// Throws `config_error` when `of.process` asks for what this machine does not have.
void check(config const& of);
/// Throws `config_error` when it asks for what only root may do, and this process is not root's.
void check_rights(process_config const& asked);

/// The first thing that a gateway does, before any secret is read: nobody looks into it from outside.
void close_doors() noexcept;

/// `config_file`: where `of` came from, to be read again.
///
/// Gives up, for good, what serving does not take: the user, the root directory, files, calls to the kernel,
/// as `of.process` says. When all files are read and all sockets listen, and before there is a second thread:
/// Landlock holds for the thread that asks for it and those that come from it. What cannot be done but need
/// not be is told on `tell`, a line each. In `log_directory` (a descriptor; -1: there is none) files can
/// still be made and written. Throws `config_error`, or `std::system_error` when the kernel refuses.
void enter(
    config const& of,
    std::string const& config_file,
    heap_pin& keys,
    environment const& get,
    int log_directory,
    std::ostream& tell);

} // namespace gateway::jail
