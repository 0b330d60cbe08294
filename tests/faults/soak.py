"""Everything at once for a long time: requests, streams, WebSockets, refusals, aborts, cut answers."""
import time

from support.client import Client, WebSocket, ask, await_true, request, speech
from support.figures import at_most, exactly, median, told

TARGET = '60 min: 0 failures, RSS slope < 1 MiB in 10 min after warm-up, descriptors flat'
BASELINE = 'nginx, 10 s: 2,555 sessions, 0 bad, 39 → 39 descriptors'
SHORT, FULL = {'seconds': 12}, {'seconds': 3_600}
WARM_UP = 0.3  # of the time
MIB = 1 << 20


class Crowd:
    def __init__(self, gateway, odd):
        self._at, self._odd = gateway, odd
        self.done, self.failed = 0, 0

    def _expect(self, good):
        self.done += 1
        self.failed += not good

    def round(self):
        """What all kinds of client do, once."""
        port, token = self._at.port, self._at.token
        with Client(port) as kept:
            for _ in range(10):
                self._expect(kept.ask(speech(token)).whole)
            self._expect(kept.ask(speech(token, '/tts/sse?n=20&m=300&gap=500')).whole)
            self._expect(kept.ask(speech(token, '/tts/bytes?n=50&m=4096')).whole)
            self._expect(kept.ask(request('GET', '/session', token)).status == 200)
        with WebSocket(port, token) as socket:
            self._expect(socket.open and all(socket.echo_ms(b'z' * size) > 0 for size in (1, 200, 20_000)))
            socket.say((1000).to_bytes(2, 'big'), 8)
            self._expect(socket.hear_close() == 1000)
        self._expect(ask(port, speech('x.y.z')).status == 401)
        self._expect(ask(port, request('GET', '/none', token)).status == 404)
        self._expect(ask(port, b'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n').status == 400)
        aborted = Client(port)
        aborted.send(speech(token, '/tts/bytes?n=1000&m=4096'))
        aborted.reset()
        gone = WebSocket(port, token)
        gone.reset()

    def odd_round(self):
        """At the gateway whose upstream misbehaves."""
        port, token = self._odd.port, self._odd.token
        self._expect(not ask(port, speech(token, '/tts/bytes?cut=chunked')).whole)
        self._expect(not ask(port, speech(token, '/tts/bytes?reset=5000')).whole)
        self._expect(ask(port, speech(token, '/tts/bytes?bad=bare_lf')).status == 502)
        self._expect(ask(port, speech(token)).status == 200)


def slope(samples):
    """Bytes a second, by least squares over (second, bytes)."""
    n = len(samples)
    mean_x, mean_y = sum(x for x, _ in samples) / n, sum(y for _, y in samples) / n
    return sum((x - mean_x) * (y - mean_y) for x, y in samples) / sum((x - mean_x) ** 2 for x, _ in samples)


def run(stage, seconds):
    gateway, odd = stage.gateway(stage.origin()), stage.gateway(stage.upstream())
    crowd, samples, descriptors = Crowd(gateway, odd), [], []
    begun = minted = time.monotonic()
    while (passed := time.monotonic() - begun) < seconds:
        crowd.round()
        crowd.odd_round()
        if time.monotonic() - minted > 1_800:
            gateway.token, odd.token, minted = gateway.mint(), odd.mint(), time.monotonic()
        if passed < seconds * WARM_UP:
            continue
        await_true(lambda: gateway.metric('voicegate_connections_open') == 0, 'the end of all connections')
        samples.append((passed, gateway.resident_bytes() + odd.resident_bytes()))
        descriptors.append(gateway.descriptors() + odd.descriptors())
    third = max(1, len(descriptors) // 3)
    first, last = descriptors[:third], descriptors[-third:]
    grown = slope(samples) * min(600, seconds * (1 - WARM_UP))
    return [
        told('things done', crowd.done),
        exactly('failures', crowd.failed, 0),
        at_most('RSS grows in 10 min (or in what there was)', grown / MIB, 1.0, 'MiB'),
        at_most('descriptors in use, last third over first', median(last) - median(first), 10),
        told('RSS of both gateways', samples[-1][1] / MIB, 'MiB'),
    ]
