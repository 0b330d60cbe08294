"""The server that says who a user is goes down, hangs and talks nonsense (this gateway's token store)."""
import http.server
import threading
import time

from support.client import ask, ask_timed, await_true, milliseconds, request, speech
from support.figures import at_most, exactly

TARGET = 'fails closed within the timeout (250 ms), 0 upstream requests; back ≤ 2 s; 100 toggles, 0 crashes'
BASELINE = 'not measured'
SHORT, FULL = {'toggles': 24}, {'toggles': 100}
DEADLINE_MS, SLACK_MS = 250, 100
YES = b'{"subject": "ada", "grants": {"tts": true}}'


class App:
    """`mode`: good, slow, or the bytes of an answer; `down` closes the port."""

    def __init__(self, port=0):
        app = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers.get('Content-Length', 0)))
                if app.mode == 'slow':
                    app.changed.wait(30)
                    return
                body = YES if app.mode == 'good' else b'{"subject": '
                self.send_response(500 if app.mode == 'error' else 200)
                self.send_header('Content-Type', 'application/json')
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass
        self._handler, self.mode, self.changed = Handler, 'good', threading.Event()
        self.up(port)
        self.port = self._server.server_address[1]

    def up(self, port):
        self._server = http.server.ThreadingHTTPServer(('127.0.0.1', port), self._handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={'poll_interval': 0.01}, daemon=True).start()

    def turn(self, mode):
        was, self.mode = self.mode, mode
        self.changed.set()
        if was == 'down':
            self.up(self.port)
        if mode == 'down':
            self._server.shutdown()
            self._server.server_close()
        self.changed = threading.Event()


def run(stage, toggles):
    app = App()
    gateway = stage.gateway(stage.origin(), {'session': {
        'authorize_url': f'http://127.0.0.1:{app.port}/who', 'authorize_deadline': f'{DEADLINE_MS}ms'}})
    sign_in = request('POST', '/session', more=('Origin: https://localhost', 'Cookie: app=ada'))
    refused, opened, times, back, others_failed = [], 0, [], [], 0
    for number in range(toggles):
        app.turn(('down', 'slow', 'wrong', 'error')[number % 4])
        answer, took = ask_timed(gateway.port, sign_in)
        refused.append(answer.status)
        opened += answer.field('Set-Cookie') is not None
        times.append(took)
        others_failed += ask(gateway.port, speech(gateway.token)).status != 200
        app.turn('good')
        begun = time.monotonic()
        await_true(lambda: ask(gateway.port, sign_in).status == 204, 'an answer of the app')
        back.append(milliseconds(begun) / 1000)
    return [
        exactly(f'of {toggles} refused with 502 or 503', sum(s in (502, 503) for s in refused), toggles),
        exactly('sessions opened meanwhile', opened, 0),
        at_most('the answer took at most', max(times), float(DEADLINE_MS + SLACK_MS), 'ms'),
        at_most('204 again after at most', max(back), 2.0, 's'),
        exactly('requests with a token not answered meanwhile', others_failed, 0),
        exactly('the gateway runs', gateway.running(), True),
    ]
