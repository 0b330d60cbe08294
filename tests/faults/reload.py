"""SIGHUP again and again under load, each time with a new key of tokens."""
import signal
import threading
import time

from support.client import Client, WebSocket, await_true, milliseconds, speech
from support.figures import at_least, at_most, exactly

TARGET = '100 reloads: 0 failed of ≥ 10,000, 0 of 200 held WebSockets lost, in force ≤ 1 s, a bad file is refused'
BASELINE = 'nginx, certificates, 10: 0 failed of 3,696, 0 of 20 lost'
SHORT, FULL = {'reloads': 10, 'sockets': 50, 'requests': 500}, {'reloads': 100, 'sockets': 200, 'requests': 10_000}
RELOADS, FAILURES = 'voicegate_reloads_total', 'voicegate_reload_failures_total'


class Asker(threading.Thread):
    """Asks, twenty times on each connection, until it is told to stop."""

    def __init__(self, gateway, at_least_so_many):
        super().__init__(daemon=True)
        self._gateway, self._wanted = gateway, at_least_so_many
        self.done, self.failed, self.enough = 0, 0, False
        self.start()

    def run(self):
        while not self.enough or self.done < self._wanted:
            try:
                with Client(self._gateway.port) as one:
                    for _ in range(20):
                        self.done += 1
                        self.failed += one.ask(speech(self._gateway.token)).status != 200
            except OSError:
                self.failed += 1


def hang_up(gateway, counted_as):
    """Seconds until it has been read."""
    before, begun = gateway.metric(counted_as), time.monotonic()
    gateway.signal(signal.SIGHUP)
    await_true(lambda: gateway.metric(counted_as) > before, 'a reload')
    return milliseconds(begun) / 1000


def run(stage, reloads, sockets, requests):
    gateway = stage.gateway(stage.origin())
    held = [WebSocket(gateway.port, gateway.token) for _ in range(sockets)]
    asker, took = Asker(gateway, requests), []
    for _ in range(reloads):
        gateway.command('keygen', 'tokens', gateway.keys)
        took.append(hang_up(gateway, RELOADS))
        gateway.token = gateway.mint()  # the old one is good for two reloads more
    gateway.keys.write_text('{"keys": [')
    hang_up(gateway, FAILURES)
    with Client(gateway.port) as one:
        kept = one.ask(speech(gateway.token)).status == 200
    asker.enough = True
    asker.join()
    return [
        exactly('reloads', len(took), reloads),
        at_least('requests meanwhile', asker.done, requests),
        exactly('of them failed', asker.failed, 0),
        exactly('WebSockets that echo at the end', sum(one.echo_ms() > 0 for one in held), sockets),
        at_most('in force after at most', max(took), 1.0, 's'),
        exactly('a bad file is refused, and the old keys kept', kept, True),
    ]
