"""SIGHUP again and again under load, with a new certificate and a new token key, every second time a new configuration."""
import json
import shutil
import signal
import threading
import time

from harness import certificates

from support.client import Client, WebSocket, await_true, milliseconds, speech
from support.figures import at_least, at_most, exactly

TARGET = '100 reloads: 0 failed of ≥ 10,000, 0 of 1,000 held WebSockets lost, in force ≤ 1 s, a bad pair is refused'
BASELINE = 'nginx, 10: 0 failed of 3,696, 0 of 20 lost'
SHORT, FULL = {'reloads': 10, 'sockets': 50, 'requests': 500}, {'reloads': 100, 'sockets': 1_000, 'requests': 10_000}
FAILURES = 'voicegate_reload_failures_total'


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


def served(gateway):
    with Client(gateway.port) as one:
        return one.tls.getpeercert(binary_form=True)


def put_in_place(fresh, directory):
    for name in ('gateway.pem', 'gateway.key'):
        shutil.copy(fresh / name, directory / name)


def reconfigure(gateway, number):
    """Another Strict-Transport-Security, by which it is known; now and then another pool towards the upstream, too."""
    settings = json.loads(gateway.configuration.read_text())
    settings['tls']['hsts_max_age'] = f'{number + 1}s'
    if number % 10 == 1:
        settings['upstream']['idle_max'] = 200 + number
    gateway.configuration.write_text(json.dumps(settings))


def is_configured(gateway, number):
    with Client(gateway.port) as one:
        return one.ask(speech(gateway.token)).field('Strict-Transport-Security') == f'max-age={number + 1}'


def reload_with(fresh, gateway, number):
    """Seconds until what is new is seen."""
    old = served(gateway)
    if number % 2:
        reconfigure(gateway, number)
    put_in_place(fresh, gateway.directory)
    gateway.command('keygen', 'tokens', gateway.keys)
    begun = time.monotonic()
    gateway.signal(signal.SIGHUP)
    await_true(lambda: served(gateway) != old, 'the new certificate')
    if number % 2:
        await_true(lambda: is_configured(gateway, number), 'the new configuration')
    gateway.token = gateway.mint()  # the one before is good for two reloads more
    return milliseconds(begun) / 1000


def keeps_the_old_one(gateway, stage):
    """A key that belongs to another certificate is refused, and nothing changes."""
    before, good = gateway.metric(FAILURES), served(gateway)
    shutil.copy(stage.certificates / 'gateway.key', gateway.directory / 'gateway.key')
    gateway.signal(signal.SIGHUP)
    await_true(lambda: gateway.metric(FAILURES) > before, 'a reload that is refused')
    return served(gateway) == good


def run(stage, reloads, sockets, requests):
    gateway = stage.gateway(
        stage.origin(), {'tls': {'certificates': [{'chain': 'gateway.pem', 'key': 'gateway.key'}]}},
        files=lambda directory: put_in_place(stage.certificates, directory))
    fresh = [certificates.make(stage.directory / f'certificates-{number}') for number in range(reloads)]
    held = [WebSocket(gateway.port, gateway.token) for _ in range(sockets)]
    asker = Asker(gateway, requests)
    took = []
    for number, one in enumerate(fresh):  # evenly among the requests
        await_true(lambda: asker.done >= number * requests // reloads, 'requests between two reloads', 60)
        took.append(reload_with(one, gateway, number))
    kept = keeps_the_old_one(gateway, stage)
    asker.enough = True
    asker.join()
    return [
        exactly('reloads', len(took), reloads),
        at_least('requests meanwhile', asker.done, requests),
        exactly('of them failed', asker.failed, 0),
        exactly('WebSockets that echo at the end', sum(one.echo_ms() > 0 for one in held), sockets),
        at_most('what is new is seen after at most', max(took), 1.0, 's'),
        exactly('a bad pair is refused, and the old one kept', kept, True),
    ]
