"""Clients whose heads come a byte at a time and never end."""
import ssl

from support.client import Client
from support.figures import at_least, at_most, exactly, percentile
from support.stalled import watch_until_closed

TARGET = '1,000 connections: all closed by the limit + 2 s; a good client ≤ 100 ms'
BASELINE = 'nginx, 300: closed at 10.1 s, a good client 4.6 ms'
SHORT, FULL = {'connections': 200, 'limit': 2}, {'connections': 1_000, 'limit': 10}


def run(stage, connections, limit):
    gateway = stage.gateway(stage.origin(), {'limits': {'head': f'{limit}s'}})
    slow, session = [], None
    for _ in range(connections):
        one = Client(gateway.port, session=session)
        session = session or one.session
        slow.append(one.tls)

    def one_byte_more(tls):
        try:
            tls.send(b'P')
        except (OSError, ssl.SSLError):
            pass  # that it was closed shows as an event
    late, times = watch_until_closed(gateway, slow, limit, one_byte_more)
    return [
        exactly('closed', len(late), connections),
        at_least('soonest after its first byte', min(late), float(limit), 's'),
        at_most('latest after its first byte', max(late), limit + 2.0, 's'),
        at_most('a good client p99', percentile(times, 0.99), 100.0, 'ms'),
    ]
