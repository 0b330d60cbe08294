"""Small requests that might cost much memory: the corpus of raw ones, each on a connection that stays."""
import base64
import json
import select
import ssl

from support.client import Client
from support.figures import at_most, exactly, told
from support.programs import ROOT

TARGET = 'no request under 10 KiB costs > 1 MiB of RSS'
BASELINE = "Envoy's rule: 10 KiB in, 1 MiB used is a vulnerability"
SHORT, FULL = {'sample': 4}, {'sample': 1}  # every fourth row; every one
BYTES_MAX = 10 * 1024


def requests(token):
    for line in (ROOT / 'tests/data/http1_raw.jsonl').read_text().splitlines():
        row = json.loads(line)
        raw = base64.b64decode(row['raw_b64'])
        raw = raw.replace(b'@@AUTH@@', f'Authorization: Bearer {token}\r\n'.encode()).replace(b'@@HOST@@', b'localhost')
        if len(raw) < BYTES_MAX and row.get('transport') is None:
            yield row['id'], raw


def send(gateway, raw):
    """The connection, once something has come back, or nothing has for a moment."""
    one = Client(gateway.port)
    try:
        one.send(raw)
    except (OSError, ssl.SSLError):
        return one
    select.select([one.tls], [], [], 0.05)
    return one


def run(stage, sample):
    gateway = stage.gateway(stage.origin())
    rows = list(requests(gateway.token))[::sample]
    for _, raw in rows[:40]:  # what a process allocates but once
        send(gateway, raw).close()
    costs = []
    for name, raw in rows:
        before = gateway.resident_bytes()
        one = send(gateway, raw)
        costs.append(((gateway.resident_bytes() - before) / 1024, name))
        one.close()
    return [
        told('requests', len(rows)),
        at_most('KiB for one', max(costs)[0], 1024.0),
        exactly('the gateway runs', gateway.running(), True),
        told('the dearest', max(costs)[1]),
    ]
