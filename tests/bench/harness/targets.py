"""What is read off each piece of work, and how good it has to be: the one place for both.

A rival is the best of the named peers in the same run. A peer that was not measured is no rival; a row without any has
no verdict.
"""
import dataclasses
import typing

KIB_EACH = 400  # of content in a streamed body, or in a push


@dataclasses.dataclass(frozen=True)
class Row:
    workload: str
    unit: str
    read: typing.Callable  # from one sample of the load generator
    rivals: tuple = ()
    ratio_max: float | None = None  # of our figure to the rival's
    value_max: float | None = None  # of our figure alone
    digits: int = 1


_NGINX = ('nginx-njs', 'nginx-noauth')
_HAPROXY = ('haproxy-jwt', 'haproxy-noauth')

ROWS = (
    Row('post', 'CPU µs per request', lambda s: s['proxy_us'], ('haproxy-jwt',), 0.70),
    Row('alone', 'p50 µs', lambda s: s['p50_us'], ('h2o',), 0.95, digits=0),
    Row('stream', 'CPU ns per KiB', lambda s: s['proxy_us'] * 1000 / KIB_EACH, ('h2o',), 0.72, digits=0),
    Row('sse', 'first event p50 µs', lambda s: s['first_p50_us'], ('nginx-noauth',), 0.90, digits=0),
    Row('sse', 'event p50 µs', lambda s: s['p50_us'], _NGINX, 1.0, digits=0),
    Row('sse', 'event p99 µs', lambda s: s['p99_us'], _NGINX, 1.0, digits=0),
    Row('sse', '% of events that share a read', lambda s: 100 * s['events_that_shared_a_read'] / max(1, s['events']),
        value_max=0.05),  # none, but for a moment in which the machine stood still
    Row('echo', 'CPU µs per echo', lambda s: s['proxy_us'], ('caddy',), 1.0),
    Row('push', 'CPU ns per KiB', lambda s: s['proxy_us'] * 1000 / KIB_EACH, ('caddy', 'h2o'), 0.75, digits=0),
    Row('full', 'CPU µs per handshake', lambda s: s['proxy_us'], _NGINX, 0.95, digits=0),
    Row('resumed', 'CPU µs per handshake', lambda s: s['proxy_us'], _NGINX, 0.97, digits=0),
    Row('idle-https', 'KiB', lambda s: s['bytes_each'] / 1024, _HAPROXY, 1.0),
    Row('idle-websocket', 'KiB', lambda s: s['bytes_each'] / 1024, ('haproxy-jwt',), 1.0),
    Row('refused', 'CPU µs per request', lambda s: s['proxy_us'], ('haproxy-jwt',), 0.85),
)

THREADS_RATIO_MIN = 1.8
