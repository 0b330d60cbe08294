"""The upstream resets in the middle of a body."""
from support.client import ask, speech
from support.figures import exactly

TARGET = '0 of 100 shown as complete; the next request is answered with 200'
BASELINE = 'nginx: 0 of 20'
SHORT, FULL = {'times': 100}, {'times': 1_000}
SIZES = (0, 1, 500, 4_096, 60_000)


def run(stage, times):
    gateway = stage.gateway(stage.upstream())
    whole, next_failed = 0, 0
    for number in range(times):
        whole += ask(gateway.port, speech(gateway.token, f'/tts/bytes?reset={SIZES[number % len(SIZES)]}')).whole
        next_failed += ask(gateway.port, speech(gateway.token)).status != 200
    return [
        exactly(f'of {times} shown as complete', whole, 0),
        exactly('next requests without 200', next_failed, 0),
    ]
