"""EMFILE: more clients than the gateway has descriptors."""
import socket
import time

from support.client import Client, ask, await_true, milliseconds, speech
from support.figures import at_least, at_most, exactly

TARGET = '`ulimit -n 256`, 500 clients: < 20 % of a core meanwhile; answered with 200 within 2 s after'
BASELINE = 'not measured'
SHORT, FULL = {'limit': 256, 'clients': 500, 'seconds': 2}, {'limit': 256, 'clients': 500, 'seconds': 8}


def run(stage, limit, clients, seconds):
    gateway = stage.gateway(stage.origin(), prefix=('prlimit', f'--nofile={limit}:{limit}'))
    known = Client(gateway.port)
    crowd = [socket.create_connection(('127.0.0.1', gateway.port)) for _ in range(clients)]
    await_true(lambda: gateway.metric('voicegate_connections_refused_total') > 0, 'a gateway without descriptors')
    before, begun, asked, healthy, served = gateway.processor_seconds(), time.monotonic(), 0, 0, 0
    while time.monotonic() - begun < seconds:
        asked += 1
        healthy += gateway.admin('/healthz')[0] == 200
        served += known.ask(speech(gateway.token)).status == 200
        time.sleep(0.25)  # this is what is measured: the time that passes
    cores = (gateway.processor_seconds() - before) / (time.monotonic() - begun)
    for one in crowd:
        one.close()
    begun = time.monotonic()
    await_true(lambda: ask(gateway.port, speech(gateway.token)).status == 200, 'an answer')
    return [
        at_least('clients that wait', clients, limit),
        at_most('of a core meanwhile', 100 * cores, 20.0, '%'),
        exactly('/healthz answered meanwhile', healthy, asked),
        exactly('requests of who was in before, answered', served, asked),
        at_most('200 again after', milliseconds(begun) / 1000, 2.0, 's'),
    ]
