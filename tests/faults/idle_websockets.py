"""Many WebSockets that say nothing, then one that does."""
import time

from support.client import WebSocket, await_true, milliseconds
from support.figures import at_least, at_most, exactly, percentile

TARGET = '9,000 open, 0 refused, ≤ 160 KiB RSS each (stretch 96); echo p99 ≤ 20 ms; descriptors back ± 40 in 5 s'
BASELINE = 'nginx, 3,000: 62.6 KiB, 1.2 ms; HAProxy, 1,500: 46.5 KiB'
SHORT, FULL = {'sockets': 500, 'echoes': 500}, {'sockets': 9_000, 'echoes': 3_000}
WARM_UP = 50  # for what a process allocates but once


def open_many(gateway, count):
    sockets, session = [], None
    for _ in range(count):
        try:
            sockets.append(WebSocket(gateway.port, gateway.token, session=session))
            session = session or sockets[-1].session
        except OSError:
            pass
    return [s for s in sockets if s.open]


def close_all(gateway, sockets):
    for one in sockets:
        one.reset()
    await_true(lambda: gateway.metric('voicegate_connections_open') == 0, 'the end of all connections')


def run(stage, sockets, echoes):
    gateway = stage.gateway(stage.origin())
    close_all(gateway, open_many(gateway, WARM_UP))
    descriptors, resident = gateway.descriptors(), gateway.resident_bytes()
    held = open_many(gateway, sockets)
    each = (gateway.resident_bytes() - resident) / max(1, len(held)) / 1024
    step = max(1, len(held) // echoes)
    times = [one.echo_ms() for one in held[::step]]
    begun = time.monotonic()
    close_all(gateway, held)
    await_true(lambda: gateway.descriptors() <= descriptors + 40 or time.monotonic() - begun > 10, 'descriptors')
    back = milliseconds(begun) / 1000
    return [
        at_least('WebSockets open', len(held), sockets),
        exactly('refused', sockets - len(held), 0),
        at_most('KiB of RSS each', each, 160.0),
        at_most('echo p99', percentile(times, 0.99), 20.0, 'ms'),
        at_most('descriptors more than before', gateway.descriptors() - descriptors, 40),
        at_most('until they were back', back, 5.0, 's'),
    ]
