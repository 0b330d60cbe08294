"""Clients: blocking, of the standard library; HTTP as text, so that every byte is a row's own."""
import base64
import contextlib
import dataclasses
import os
import socket
import ssl
import struct
import time

PATIENCE = 20  # seconds in which an event that has to come may come
SPEECH = b'{"model_id":"sonic-3","transcript":"Good morning.","voice":"a0e99841-438c-4a64-b679-ae501e7d6091"}'


def await_true(holds, what, patience=PATIENCE):
    """For what gives no event: looks again every few milliseconds."""
    until = time.monotonic() + patience
    while not holds():
        if time.monotonic() > until:
            raise TimeoutError(f'waited in vain for {what}')
        time.sleep(0.005)


def milliseconds(since):
    return (time.monotonic() - since) * 1000


_context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
_context.check_hostname, _context.verify_mode = False, ssl.CERT_NONE


def request(method, target, token=None, body=b'', more=()):
    head = [f'{method} {target} HTTP/1.1', 'Host: localhost', *more]
    if token:
        head.append(f'Authorization: Bearer {token}')
    if body or method == 'POST':
        head += ['Content-Type: application/json', f'Content-Length: {len(body)}']
    return ('\r\n'.join(head) + '\r\n\r\n').encode() + body


def speech(token, target='/tts/bytes'):
    return request('POST', target, token, SPEECH)


@dataclasses.dataclass
class Answer:
    status: int = 0  # 0: none came
    head: bytes = b''
    body: bytes = b''
    whole: bool = False  # its body has come to a proper end

    def field(self, name):
        for line in self.head.split(b'\r\n')[1:]:
            if line.lower().startswith(name.lower().encode() + b':'):
                return line.split(b':', 1)[1].strip().decode()
        return None


class Client:
    """One TLS connection. `receive_buffer`: bytes, of the kernel's; `session`: to be resumed."""

    def __init__(self, port, receive_buffer=0, session=None, timeout=PATIENCE, host='127.0.0.1'):
        raw = socket.socket()
        raw.settimeout(timeout)
        if receive_buffer:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        raw.connect((host, port))
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self.tls = _context.wrap_socket(raw, server_hostname='localhost', session=session,
                                            suppress_ragged_eofs=False)
        except BaseException:
            raw.close()
            raise
        self.inbox = b''

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def session(self):
        return self.tls.session

    def send(self, data):
        self.tls.sendall(data)

    def receive(self):
        """False: the stream has ended."""
        try:
            data = self.tls.recv(65536)
        except (ssl.SSLError, ConnectionError):
            return False
        self.inbox += data
        return bool(data)

    def take(self, size):
        """The next bytes; None when the stream ends before."""
        while len(self.inbox) < size:
            if not self.receive():
                return None
        taken, self.inbox = self.inbox[:size], self.inbox[size:]
        return taken

    def take_line(self):
        while b'\r\n' not in self.inbox:
            if not self.receive():
                return None
        line, self.inbox = self.inbox.split(b'\r\n', 1)
        return line

    def read_answer(self):
        answer = Answer()
        while b'\r\n\r\n' not in self.inbox:
            if not self.receive():
                return answer
        answer.head, self.inbox = self.inbox.split(b'\r\n\r\n', 1)
        answer.status = int(answer.head.split(b' ', 2)[1])
        if answer.field('Transfer-Encoding') == 'chunked':
            answer.whole = self._read_chunks(answer)
        elif (length := answer.field('Content-Length')) is not None:
            body = self.take(int(length))
            answer.whole = body is not None
            answer.body = self.inbox if body is None else body
        else:
            answer.whole = answer.status in (101, 204, 304)
        return answer

    def _read_chunks(self, answer):
        while (line := self.take_line()) is not None:
            size = int(line, 16)
            chunk = self.take(size + 2)
            if chunk is None:
                return False
            answer.body += chunk[:-2]
            if size == 0:
                return True
        return False

    def ask(self, text):
        self.send(text)
        return self.read_answer()

    def reset(self):
        """RST, without a word of TLS."""
        self.tls.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        self.close()

    def finish(self):
        """FIN, without a word of TLS."""
        self.tls.shutdown(socket.SHUT_WR)

    def close(self):
        with contextlib.suppress(OSError):
            self.tls.close()


def ask(port, text):
    """One request on a connection of its own; status 0 when there is no answer."""
    try:
        with Client(port) as one:
            return one.ask(text)
    except OSError:
        return Answer()


def ask_timed(port, text):
    begun = time.monotonic()
    return ask(port, text), milliseconds(begun)


class WebSocket(Client):
    def __init__(self, port, token, target='/tts/websocket', **how):
        super().__init__(port, **how)
        key = base64.b64encode(os.urandom(16)).decode()
        self.answer = self.ask(request('GET', target, token, more=(
            'Upgrade: websocket', 'Connection: Upgrade', f'Sec-WebSocket-Key: {key}', 'Sec-WebSocket-Version: 13')))
        self.open = self.answer.status == 101

    def say(self, payload, opcode=1):
        mask = os.urandom(4)
        size = bytes([0x80 | len(payload)]) if len(payload) < 126 else b'\xfe' + struct.pack('>H', len(payload))
        masked = bytes(b ^ mask[i % 4] for i, b in enumerate(payload))
        self.send(bytes([0x80 | opcode]) + size + mask + masked)

    def hear(self):
        """(opcode, payload); None when the stream ends."""
        head = self.take(2)
        if head is None:
            return None
        size = head[1] & 127
        if size > 125:
            more = self.take(2 if size == 126 else 8)
            size = int.from_bytes(more, 'big') if more else 0
        payload = self.take(size)
        return None if payload is None else (head[0] & 15, payload)

    def hear_close(self):
        """The code of the Close that comes, whatever comes before it; None when none does."""
        while (frame := self.hear()) is not None:
            if frame[0] == 8:
                return int.from_bytes(frame[1][:2], 'big')
            if frame[0] == 9:
                self.say(frame[1], 10)
        return None

    def echo_ms(self, payload=b'x' * 100):
        begun = time.monotonic()
        self.say(payload)
        if self.hear() != (1, payload):
            raise RuntimeError('the echo is not what was said')
        return milliseconds(begun)
