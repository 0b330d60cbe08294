"""This machine: what its processors did, which cores there are, how to get the measured processes ahead of others."""
import contextlib
import datetime
import os
import platform
import resource
import time

TICKS = os.sysconf('SC_CLK_TCK')
DESCRIPTORS_MAX = 20_000


def cores():
    """(the core of load generator and origin, the core of the measured proxy); the same where there is but one."""
    usable = sorted(os.sched_getaffinity(0))
    return usable[0], usable[min(1, len(usable) - 1)]


def raise_descriptor_limit():
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    wanted = DESCRIPTORS_MAX if most == resource.RLIM_INFINITY else min(most, DESCRIPTORS_MAX)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def tree(process):
    """The process and all that it started, by id."""
    out = [process]
    try:
        for thread in os.listdir(f'/proc/{process}/task'):
            with open(f'/proc/{process}/task/{thread}/children') as children:
                for child in children.read().split():
                    out += tree(int(child))
    except (FileNotFoundError, ProcessLookupError):
        pass
    return out


def processor_seconds(process):
    try:
        with open(f'/proc/{process}/stat') as stat:
            fields = stat.read().rsplit(')', 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS
    except (FileNotFoundError, ProcessLookupError):
        return 0


def own_processor_seconds():
    """Of this process and of those that it has waited for."""
    return sum(os.times()[:4])


def memory_bytes(processes):
    """Their proportional set size: memory that several of them share is counted once."""
    total = 0
    for process in processes:
        try:
            with open(f'/proc/{process}/smaps_rollup') as rollup:
                total += sum(int(line.split()[1]) * 1024 for line in rollup if line.startswith('Pss:'))
        except (FileNotFoundError, ProcessLookupError):
            pass
    return total


class Moment:
    """All processors, now."""

    def __init__(self):
        with open('/proc/stat') as stat:
            ticks = [int(x) for x in stat.readline().split()[1:9]]
        self.at = time.monotonic()
        self.all = sum(ticks) / TICKS
        self.busy = (sum(ticks) - ticks[3] - ticks[4]) / TICKS

    def busy_cores_until(self, later):
        return (later.busy - self.busy) / (later.at - self.at)

    def stalled_until(self, later):
        """The share of time in which this machine, itself a guest, was not running: its clock ticks are missing."""
        return 1 - (later.all - self.all) / ((later.at - self.at) * os.cpu_count())


def wait_for_quiet(seconds_max):
    """Others share the machine: waits for a moment without them, but not for long."""
    until = time.monotonic() + seconds_max
    while time.monotonic() < until:
        before = Moment()
        time.sleep(0.25)
        after = Moment()
        if before.busy_cores_until(after) < 0.1 and abs(before.stalled_until(after)) < 0.06:
            return


AHEAD = '-12'


def put_session_ahead(process):
    """The kernel schedules by session (autogroup), so that nice alone does nothing across sessions. Needs root."""
    with contextlib.suppress(OSError), open(f'/proc/{process}/autogroup', 'w') as group:
        group.write(AHEAD)


@contextlib.contextmanager
def ahead_of_others():
    """This process and the children in its session come before other work on the machine, if that is allowed."""
    with contextlib.suppress(OSError):
        os.nice(int(AHEAD))
    with contextlib.suppress(OSError):
        os.setsid()  # else the shell's session would be put ahead, and Ctrl-C is for its leader
    try:
        with open('/proc/self/autogroup') as group:
            before = group.read().split()[-1]
    except (OSError, IndexError):
        before = None
    put_session_ahead('self')
    try:
        yield
    finally:
        if before is not None:
            with contextlib.suppress(OSError), open('/proc/self/autogroup', 'w') as group:
                group.write(before)


def describe():
    model, name = 'unknown processor', platform.system()
    with contextlib.suppress(OSError), open('/proc/cpuinfo') as info:
        model = next((line.split(':', 1)[1].strip() for line in info if line.startswith('model name')), model)
    with contextlib.suppress(OSError, AttributeError):
        name = platform.freedesktop_os_release().get('PRETTY_NAME', name)
    return f'{os.cpu_count()} × {model}, {name}, kernel {platform.release()}'


def today():
    return datetime.datetime.now(datetime.timezone.utc).strftime('%Y-%m-%d %H:%M UTC')
