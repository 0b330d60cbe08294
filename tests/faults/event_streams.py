"""Many event streams at once: does each event leave as it comes?"""
import json
import subprocess

from support.figures import at_most, exactly, told

TARGET = '200 streams: added gap p99 ≤ 10 ms, < 5 % of the events share a read'
BASELINE = 'nginx, 50: 56.1 ms at a source of one each 50 ms, 0 %'
SHORT, FULL = {'streams': 200, 'seconds': 3}, {'streams': 200, 'seconds': 30}


def load(stage, port, streams, seconds, cookie):
    command = [stage.binary('tests/bench/load/bench-load'), '--work', 'sse', '--port', str(port), '--connections',
               str(streams), '--path', '/tts/sse?n=20&gap=50000', '--stagger', '1', '--warm-up', '2', '--seconds',
               str(seconds), '--cookie', cookie]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60 + seconds, check=True).stdout
    return json.loads(said.strip().splitlines()[-1])


def run(stage, streams, seconds):
    origin = stage.origin()
    gateway = stage.gateway(origin, {'tokens': {'cookie': 'cartesia_token'}})
    direct = load(stage, origin.port, streams, seconds, gateway.token)
    through = load(stage, gateway.port, streams, seconds, gateway.token)
    shared = 100 * through['events_that_shared_a_read'] / max(1, through['events'])
    return [
        told('events', through['events']),
        exactly('failures', through['failures_in_all'], 0),
        told('from origin to client p99, direct', direct['p99_us'] / 1000, 'ms'),
        told('from origin to client p99, through', through['p99_us'] / 1000, 'ms'),
        at_most('added gap p99', max(0.0, (through['p99_us'] - direct['p99_us']) / 1000), 10.0, 'ms'),
        at_most('events that share a read', shared, 5.0, '%'),
    ]
