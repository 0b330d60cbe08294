#include "gateway/base/config_changes.hpp"

namespace gateway {

namespace {

/// Compares one part of two configurations, field by field.
template <class Part>
class comparison {
public:
    comparison(std::string path, Part const& now, Part const& next)
        : path_(std::move(path)), now_(now), next_(next)
    {
    }

    template <class Member>
    void keeps(char const* name, Member Part::*member) const
    {
        if (!(now_.*member == next_.*member)) throw takes_restart(path_ + '.' + name);
    }

private:
    std::string path_;
    Part const& now_;
    Part const& next_;
};

void check_listeners(listen_config const& now, listen_config const& next)
{
    comparison const listen("listen", now, next);
    listen.keeps("https", &listen_config::https);
    listen.keeps("http", &listen_config::http);
    listen.keeps("admin", &listen_config::admin);
    listen.keeps("backlog", &listen_config::backlog);
    listen.keeps("reuse_port", &listen_config::reuse_port);
}

/// All threads share what these size, and nobody waits for them to make it anew.
void check_shared_tables(config const& now, config const& next)
{
    comparison const limits("limits", now.limits, next.limits);
    limits.keeps("connections_per_address", &limits_config::connections_per_address);
    limits.keeps("memory", &limits_config::memory);
    limits.keeps("failures", &limits_config::failures);
    limits.keeps("failure_refill", &limits_config::failure_refill);
    limits.keeps("failure_entries", &limits_config::failure_entries);
    limits.keeps("rejected_for", &limits_config::rejected_for);
    comparison("tokens", now.tokens, next.tokens).keeps("revocations_max", &token_config::revocations_max);
    comparison("session", now.session, next.session).keeps("handoffs_max", &session_config::handoffs_max);
}

void check_process(process_config const& now, process_config const& next)
{
    comparison const process("process", now, next);
    process.keeps("user", &process_config::user);
    process.keeps("chroot", &process_config::chroot);
    process.keeps("seccomp", &process_config::seccomp);
    process.keeps("landlock", &process_config::landlock);
}

} // namespace

takes_restart::takes_restart(std::string where) : config_error(std::move(where), "takes a restart") {}

void check_changes(config const& now, config const& next)
{
    check_listeners(now.listen, next.listen);
    if (now.threads != next.threads) throw takes_restart("threads");
    check_shared_tables(now, next);
    comparison const log("log", now.log, next.log);
    log.keeps("access", &log_config::access);
    log.keeps("queue_bytes", &log_config::queue_bytes);
    check_process(now.process, next.process);
}

} // namespace gateway
