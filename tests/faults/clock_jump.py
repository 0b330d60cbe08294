"""The wall clock jumps a day ahead and a day back, under open WebSockets and streams."""
import email.utils
import os
import struct
import time
from unittest import mock

from harness import certificates

from support.client import Client, WebSocket, ask, speech
from support.figures import at_most, exactly

TARGET = 'timers are on the steady clock: 0 drops, no spin; expiry follows the wall clock'
BASELINE = 'not measured'
SHORT, FULL = {'sockets': 50, 'seconds': 2}, {'sockets': 1_000, 'seconds': 20}
DAY = 86_400


class Clock:
    def __init__(self, file, library):
        self._file = file
        self.environment = {'LD_PRELOAD': library, 'VOICEGATE_SHIFTED_CLOCK': str(file)}
        self.shift(0)

    def shift(self, seconds):
        self._file.touch()
        with open(self._file, 'r+b') as mapped:  # in place: it is mapped
            mapped.write(struct.pack('q', seconds * 1_000_000_000))


def busy_cores(gateway, seconds):
    before, begun = gateway.processor_seconds(), time.monotonic()
    time.sleep(seconds)  # this is what is measured: a gateway with nothing to do
    return (gateway.processor_seconds() - before) / (time.monotonic() - begun)


def told_date(answer):
    return email.utils.parsedate_to_datetime(answer.field('Date')).timestamp()


def run(stage, sockets, seconds):
    clock = Clock(stage.directory / 'shift', stage.binary('tests/faults/libshifted_clock.so'))
    clock.shift(-2 * DAY)
    with mock.patch.dict(os.environ, clock.environment):
        stage.certificates = certificates.make(stage.directory / 'older')  # valid on each of the days
    clock.shift(0)
    gateway = stage.gateway(stage.origin(), environment=clock.environment)
    held = [WebSocket(gateway.port, gateway.token) for _ in range(sockets)]
    stream = Client(gateway.port)
    stream.send(speech(gateway.token, f'/tts/sse?n={seconds * 30}&gap=100000'))
    figures = [exactly('at first', ask(gateway.port, speech(gateway.token)).status, 200)]
    for name, shift, wanted in (('a day ahead', DAY, 401), ('a day back', -DAY, 401), ('as it was', 0, 200)):
        clock.shift(shift)
        answer = ask(gateway.port, speech(gateway.token))
        off = abs(told_date(ask(gateway.port, b'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')) - time.time() - shift)
        figures += [
            exactly(f'{name}: the token of before', answer.status, wanted),
            at_most(f'{name}: the clock is off by', off, 3.0, 's'),
            at_most(f'{name}: of a core', 100 * busy_cores(gateway, seconds), 10.0, '%'),
            exactly(f'{name}: WebSockets that echo', sum(one.echo_ms() > 0 for one in held), sockets),
        ]
    return [*figures, exactly('the event stream came to its end', stream.read_answer().whole, True)]
