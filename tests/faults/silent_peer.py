"""Clients with a WebSocket whose network is gone: no FIN, no answer to anything. In a network namespace."""
import time

from support.client import WebSocket, await_true, milliseconds
from support.figures import at_most, exactly
from support.networks import NEAR, FarNetwork, own_network

TARGET = 'both sides are gone ≤ 2 intervals'
BASELINE = 'not measured'
GRAIN = 1  # second: three deadlines of the gateway's, each up to a quarter late
SHORT, FULL = {'sockets': 100, 'interval': 1}, {'sockets': 300, 'interval': 10}


def run(stage, sockets, interval):
    with own_network():
        far = FarNetwork(stage)
        gateway = stage.gateway(stage.upstream(), {
            'listen': {'https': [f'{NEAR}:0']}, 'limits': {'websocket_ping': f'{interval}s', 'closing': '100ms'}})
        with far.from_there():
            clients = [WebSocket(gateway.port, gateway.token, host=NEAR) for _ in range(sockets)]
        still_there = sum(one.echo_ms() > 0 for one in clients)
        far.cut()
        begun = time.monotonic()
        await_true(lambda: gateway.metric('voicegate_connections_open') == 0, 'the end of all', 10 * interval + 20)
        took = milliseconds(begun) / 1000
        for one in clients:
            one.close()
    return [
        exactly('WebSockets until the cable is cut', still_there, sockets),
        at_most('both sides gone after', took, 2.0 * interval + GRAIN, 's'),
    ]
