"""Clients that make the gateway hold more than its memory budget, in an address space of 1 GiB."""
import time

from support.client import Client, ask, await_true, milliseconds, speech
from support.figures import at_most, exactly, told

TARGET = '95 %: 503 to new requests, 98 %: no accept; never killed under 1 GiB `prlimit --as`'
BASELINE = "Envoy's thresholds"
SHORT, FULL = {'budget_mib': 64}, {'budget_mib': 400}
MIB = 1 << 20
HALF_A_HEAD = b'POST /tts/bytes HTTP/1.1\r\nHost: localhost\r\nX-Long: ' + b'x' * 250_000  # held until the rest has come


def hold_all_there_is(gateway):
    """Clients that hold memory: as many as the gateway accepts."""
    holders, session = [], None
    while gateway.metric('voicegate_memory_pressure') < 2:
        for _ in range(10):
            try:
                one = Client(gateway.port, session=session, timeout=1)
                one.send(HALF_A_HEAD)
            except OSError:
                break  # accepting rests
            session = session or one.session
            holders.append(one)
    return holders


def is_accepted(gateway):
    try:
        Client(gateway.port, timeout=1).close()
        return True
    except OSError:
        return False


def run(stage, budget_mib):
    gateway = stage.gateway(stage.upstream(), {'limits': {'memory': budget_mib * MIB, 'head_bytes': '256KiB', 'head': '2m'}},
                            prefix=('prlimit', '--as=1073741824'))
    known = Client(gateway.port)  # from before
    known.ask(speech(gateway.token))
    holders = hold_all_there_is(gateway)
    peak = gateway.resident_bytes()
    refused = known.ask(speech(gateway.token))
    accepted = is_accepted(gateway)
    for one in holders:
        one.reset()
    begun = time.monotonic()
    await_true(lambda: ask(gateway.port, speech(gateway.token)).status == 200, 'an answer')
    back = milliseconds(begun) / 1000
    said = [line for line in gateway.said().splitlines() if line.startswith('limits.memory:')]
    return [
        told('clients that hold memory', len(holders)),
        at_most('most of RSS', peak / MIB, 1.1 * budget_mib, 'MiB'),
        exactly('a new request meanwhile', refused.status, 503),
        exactly('with Retry-After', refused.field('Retry-After'), '1'),
        exactly('a newcomer is accepted meanwhile', accepted, False),
        exactly('the gateway runs', gateway.running(), True),
        at_most('200 again after', back, 5.0, 's'),
        at_most('lines in the log about it', len(said), 8),
    ]
