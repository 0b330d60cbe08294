"""A WebSocket's peer that goes without a Close: FIN from the client, FIN from the upstream."""
import time

from support.client import WebSocket, await_true, milliseconds
from support.figures import at_most, exactly

TARGET = 'FIN without Close: both sides are gone ≤ 5 s'
BASELINE = 'nginx: 0.5 s'
SHORT, FULL = {'sockets': 100}, {'sockets': 1_000}


def await_nobody(gateway):
    await_true(lambda: gateway.metric('voicegate_connections_open') == 0, 'the end of all connections')


def client_ends(gateway, sockets):
    """Seconds until both sides are gone."""
    clients = [WebSocket(gateway.port, gateway.token) for _ in range(sockets)]
    begun = time.monotonic()
    for one in clients:
        one.finish()
    await_nobody(gateway)
    took = milliseconds(begun) / 1000
    for one in clients:
        one.close()
    return took


def upstream_ends(gateway, sockets):
    """The same, and how many clients heard Close 1011."""
    clients = [WebSocket(gateway.port, gateway.token, '/tts/websocket?vanish=1') for _ in range(sockets)]
    begun = time.monotonic()
    for one in clients:
        one.say(b'go')
    codes = [one.hear_close() for one in clients]
    for one in clients:
        one.close()
    await_nobody(gateway)
    return milliseconds(begun) / 1000, codes.count(1011)


def run(stage, sockets):
    gateway = stage.gateway(stage.upstream())
    descriptors = gateway.descriptors()
    client_gone = client_ends(gateway, sockets)
    upstream_gone, heard = upstream_ends(gateway, sockets)
    left = gateway.descriptors() - descriptors
    return [
        at_most('FIN of the client: both sides gone after', client_gone, 5.0, 's'),
        at_most('FIN of the upstream: both sides gone after', upstream_gone, 5.0, 's'),
        exactly('clients that heard Close 1011', heard, sockets),
        at_most('descriptors more than before', left, 40),
    ]
