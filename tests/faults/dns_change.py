"""The upstream's name gets another address, then none."""
import os
import subprocess
import time

from support.client import ask, await_true, milliseconds, speech
from support.figures import at_most, exactly
from support.name_server import NameServer
from support.programs import CannotRun

TARGET = 'the new address is used ≤ min(TTL, 30 s); a failed look-up keeps the last good one; 0 requests fail'
BASELINE = 'not measured'
SHORT, FULL = {'every': 1}, {'every': 30}
NAME_SERVER, OLD, NEW = '127.0.0.53', '127.0.0.2', '127.0.0.3'
IN_OWN_NAMES = 'mount --bind "$0" /etc/resolv.conf && exec "$@"'  # in a mount namespace of its own


def run(stage, every):
    if os.geteuid() != 0 or subprocess.run(['unshare', '--mount', 'true'], capture_output=True).returncode:
        raise CannotRun('a name server needs port 53, and the gateway a mount namespace: be root')
    names = NameServer(NAME_SERVER, ttl=every)
    names.address = OLD
    resolv = stage.directory / 'resolv.conf'
    resolv.write_text(f'nameserver {NAME_SERVER}\noptions timeout:1 attempts:1\n')
    old = stage.upstream(host=OLD)
    stage.upstream(host=NEW, port=old.port)
    gateway = stage.gateway(old, {'upstream': {
        'url': f'https://voice.faults.test:{old.port}', 'resolve_every': f'{every}s', 'warm': {'connections_min': 0}}},
        prefix=('unshare', '--mount', 'sh', '-c', IN_OWN_NAMES, resolv))
    failed = 0

    def answered_by():
        nonlocal failed
        answer = ask(gateway.port, speech(gateway.token, '/tts/bytes?last=1'))
        failed += answer.status != 200
        return answer.body.decode()
    first = answered_by()
    names.address, begun = NEW, time.monotonic()
    await_true(lambda: answered_by() == NEW, 'the new address', every + 20)
    took = milliseconds(begun) / 1000

    names.address, asked = None, names.asked
    await_true(lambda: answered_by() and names.asked >= asked + 3, 'look-ups that fail', 5 * every + 60)
    last = answered_by()
    return [
        exactly('answered at first by', first, OLD),
        at_most('the new address is used after', took, every + 1.0, 's'),
        exactly('after look-ups that failed, by', last, NEW),
        exactly('requests that failed', failed, 0),
    ]
