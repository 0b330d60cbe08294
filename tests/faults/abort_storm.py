"""Storms of clients that reset in the middle of an answer, a WebSocket or a handshake."""
from support.client import Client, WebSocket, ask, await_true, speech
from support.figures import at_most, exactly

TARGET = '10 × 500 RST: descriptors back ± 40, RSS grows < 5 % over rounds 3 to 10'
BASELINE = 'nginx, 3 × 200: 41 → 39 descriptors'
SHORT, FULL = {'rounds': 30, 'clients': 60}, {'rounds': 10, 'clients': 500}


def storm(gateway, clients):
    open_ones, session = [], None
    for number in range(clients):
        if number % 2:
            one = WebSocket(gateway.port, gateway.token, session=session)
            one.say(b'x' * 1000)
        else:
            one = Client(gateway.port, session=session)
            one.send(speech(gateway.token, '/tts/bytes?n=1000&m=4096')[:None if number % 4 else -5])
        session = session or one.session
        open_ones.append(one)
    for one in open_ones:
        one.reset()
    await_true(lambda: gateway.metric('voicegate_connections_open') == 0, 'the end of all connections')


def run(stage, rounds, clients):
    gateway = stage.gateway(stage.origin())
    ask(gateway.port, speech(gateway.token))
    descriptors, resident = gateway.descriptors(), []
    for _ in range(rounds):
        storm(gateway, clients)
        resident.append(gateway.resident_bytes())
    warm = resident[rounds * 3 // 10 - 1]
    growth = 100 * (resident[-1] - warm) / warm
    return [
        at_most('descriptors more than before', gateway.descriptors() - descriptors, 40),
        at_most('growth of RSS from then on, when three tenths are over', growth, 5.0, '%'),
        exactly('the next request', ask(gateway.port, speech(gateway.token)).status, 200),
    ]
