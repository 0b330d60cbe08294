"""The work that is measured, as data. `arguments` are the load generator's."""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Workload:
    name: str
    row: str  # what --only takes
    title: str
    arguments: tuple
    token: bool = True  # clients show one
    refused: bool = False  # every answer must be a 401; only proxies that check tokens take part


def _http(connections, path='/tts/bytes'):
    return ('--work', 'http', '--connections', str(connections), '--path', path)


def _socket(work, connections, *more):
    return ('--work', work, '--connections', str(connections), '--path', '/tts/websocket', *more)


TIMED = (
    Workload('post', '1', 'small POST (300 B, answered with 4 KiB), 64 connections', _http(64)),
    Workload('alone', '2', 'small POST, one connection', _http(1)),
    Workload('stream', '3', 'streamed body 100 × 4 KiB, 16 connections', _http(16, '/tts/bytes?n=100')),
    Workload('sse', '4', 'SSE, 50 events of 300 B, one each 5 ms, 50 connections',
             ('--work', 'sse', '--connections', '50', '--path', '/tts/sse?n=50&gap=5000', '--stagger', '0.25')),
    Workload('echo', '5', 'WebSocket echo of 200 B, 64 connections', _socket('echo', 64, '--message-bytes', '200')),
    Workload('push', '6', 'WebSocket push 100 × 4 KiB, 16 connections',
             _socket('push', 16, '--push-messages', '100', '--push-bytes', '4096')),
    Workload('full', '7', 'full TLS 1.3 handshake, 32 at a time',
             ('--work', 'handshake', '--connections', '32'), token=False),
    Workload('resumed', '7', 'resumed TLS 1.3 handshake, 32 at a time',
             ('--work', 'handshake', '--connections', '32', '--resume', 'yes'), token=False),
    Workload('refused', '9', 'refused request (no token, 401), 64 connections', _http(64), token=False, refused=True),
)

IDLE = (
    Workload('idle-https', '8', 'idle HTTPS connection, one request done',
             ('--work', 'idle-https', '--path', '/tts/bytes')),
    Workload('idle-websocket', '8', 'idle proxied WebSocket',
             ('--work', 'idle-websocket', '--path', '/tts/websocket')),
)

THREADS = Workload('threads', 'threads', 'small POST on 2 threads over 1, 64 connections', _http(64))

ROWS = sorted({w.row for w in TIMED + IDLE})
