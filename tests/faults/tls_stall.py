"""Clients that connect and never shake hands: some say nothing, some half a hello."""
import socket

from support.figures import at_least, at_most, exactly, percentile
from support.stalled import watch_until_closed

TARGET = '1,000 connections: all closed by the limit + 2 s; a good client ≤ 100 ms'
BASELINE = 'nginx, 200: closed at 10.0 s'
SHORT, FULL = {'connections': 400, 'limit': 2}, {'connections': 1_000, 'limit': 10}
HALF_A_HELLO = bytes.fromhex('160301020001000120')


def run(stage, connections, limit):
    gateway = stage.gateway(stage.origin(), {'limits': {'handshake': f'{limit}s'}})
    stalled = []
    for number in range(connections):
        one = socket.create_connection(('127.0.0.1', gateway.port))
        if number % 2:
            one.send(HALF_A_HELLO)
        stalled.append(one)
    late, times = watch_until_closed(gateway, stalled, limit)
    return [
        exactly('closed', len(late), connections),
        at_least('soonest', min(late), limit - 1.0, 's'),  # the first came before all had
        at_most('latest', max(late), limit + 2.0, 's'),
        at_most('a good client p99', percentile(times, 0.99), 100.0, 'ms'),
    ]
