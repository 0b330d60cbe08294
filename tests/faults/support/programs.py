"""The programs that a row starts. Each ends with its owner, or with us; nothing else is ended."""
import ctypes
import json
import os
import pathlib
import resource
import select
import signal
import subprocess
import time
import urllib.error
import urllib.request

from .client import PATIENCE, await_true

ROOT = pathlib.Path(__file__).resolve().parents[3]
SERVER_KEY = 'vgk_faults_server_key'
_PR_SET_PDEATHSIG = 1
_TICKS, _PAGE = os.sysconf('SC_CLK_TCK'), os.sysconf('SC_PAGESIZE')


class CannotRun(Exception):
    """This machine lacks something that a row needs."""


def raise_descriptor_limit():
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most


def _end_with_parent():
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class Program:
    """`prefix` comes before the command, such as prlimit with its options; `pass_fds`: descriptors that it gets."""

    def __init__(self, command, log, environment=None, prefix=(), pass_fds=()):
        self.log = pathlib.Path(log)
        with open(log, 'ab') as errors:
            self._running = subprocess.Popen(
                [*map(str, prefix), *map(str, command)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors,
                env=os.environ | (environment or {}), preexec_fn=_end_with_parent, pass_fds=pass_fds)
        self.id = self._running.pid

    def ready_line(self):
        if select.select([self._running.stdout], [], [], PATIENCE)[0] and (line := self._running.stdout.readline()):
            return line.decode()
        self.kill()
        raise RuntimeError(f'it did not start: {self.said()[-600:]}')

    def said(self):
        return self.log.read_text(errors='replace')

    def signal(self, number):
        os.kill(self.id, number)

    def running(self):
        return self._running.poll() is None

    def wait(self, patience):
        """The exit status; None while it runs."""
        try:
            return self._running.wait(patience)
        except subprocess.TimeoutExpired:
            return None

    def kill(self):
        if self.running():
            self._running.kill()
        self._running.wait()
        self._running.stdout.close()

    def resident_bytes(self):
        return int(pathlib.Path(f'/proc/{self.id}/statm').read_text().split()[1]) * _PAGE

    def processor_seconds(self):
        fields = pathlib.Path(f'/proc/{self.id}/stat').read_text().rsplit(')', 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def await_calm(self, cores=0.05):
        """Until it has nothing to do any more."""
        def is_calm():
            before, at = self.processor_seconds(), time.monotonic()
            select.select([], [], [], 0.25)
            return (self.processor_seconds() - before) / (time.monotonic() - at) < cores
        await_true(is_calm, 'a gateway with nothing to do', 120)


def merge(into, changes):
    """JSON merge patch (RFC 7396)."""
    for key, value in changes.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            merge(into[key], value)
        else:
            into[key] = value
    return into


class Gateway(Program):
    """With a configuration of its own: the usual one with `changes` (RFC 7396). `files` may put more into its directory;
    `keys`: of tokens, in a file of another one."""

    def __init__(self, stage, name, upstream_port, changes, files=None, keys=None, **how):
        self.directory = stage.directory / name
        self.directory.mkdir()
        if files:
            files(self.directory)
        self.configuration = self.directory / 'voicegate.json'
        self._binary = stage.binary('gateway/voicegate')
        self.keys = keys or self.directory / 'tokens.json'
        (self.directory / 'api.key').touch(mode=0o600)
        (self.directory / 'api.key').write_text('sk_car_faults')
        if not keys:
            self.command('keygen', 'tokens', self.keys)
        self.configuration.write_text(json.dumps(merge(self._settings(stage, upstream_port), changes), indent=1))
        super().__init__([self._binary, 'serve', '--config', self.configuration, '--print-ports'],
                         self.directory / 'stderr.log', **how)
        ports = dict(word.split('=') for word in self.ready_line().split()[2:])
        self.port, self.plain_port, self.admin_port = (int(ports[name]) for name in ('https', 'http', 'admin'))
        await_true(lambda: self.admin('/readyz')[0] == 200, 'a ready gateway')
        self.token = self.mint()

    def _settings(self, stage, upstream_port):
        return {
            'listen': {'https': ['127.0.0.1:0'], 'http': ['127.0.0.1:0'], 'admin': '127.0.0.1:0'},
            'threads': 2,
            'tls': {'certificates': [{'chain': str(stage.certificates / 'gateway.pem'),
                                      'key': str(stage.certificates / 'gateway.key')}]},
            'upstream': {'url': f'https://127.0.0.1:{upstream_port}', 'server_name': 'origin.test',
                         'ca_file': str(stage.certificates / 'ca.pem'), 'credential': 'api_key',
                         'api_key': {'file': 'api.key'}},
            'tokens': {'key_file': str(self.keys)},
            'limits': {'connections_per_address': 0, 'failures': 0},  # all clients here have one address
            'log': {'access': 'access.log'},
        }

    def command(self, *words):
        return subprocess.run([self._binary, *map(str, words)], check=True, capture_output=True, text=True).stdout

    def mint(self, expires_in='1h'):
        return self.command('mint', '--config', self.configuration, '--grants', 'tts,stt,agent', '--expires-in',
                            expires_in, '--subject', 'faults').strip()

    def admin(self, path):
        try:
            with urllib.request.urlopen(f'http://127.0.0.1:{self.admin_port}{path}', timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    def metrics(self):
        lines = [line.rsplit(' ', 1) for line in self.admin('/metrics')[1].splitlines() if not line.startswith('#')]
        return {name: float(value) for name, value in lines}

    def metric(self, name):
        return self.metrics().get(name, 0)

    def descriptors(self):
        """Those in use: without connections to the upstream that are kept for later."""
        metrics = self.metrics()
        return int(metrics['process_open_fds'] - metrics['voicegate_upstream_idle_connections'])


class Upstream(Program):
    """support/upstream.py: misbehaves as the target's query asks it to."""

    def __init__(self, stage, name, host='127.0.0.1', port=0):
        super().__init__(['python3', pathlib.Path(__file__).parent / 'upstream.py', stage.certificates / 'origin.pem',
                          stage.certificates / 'origin.key', host, port], stage.directory / f'{name}.log')
        self.port = int(self.ready_line())


class Origin(Program):
    """tests/bench/origin: an upstream that is fast and well-behaved."""

    def __init__(self, stage, name):
        super().__init__([stage.binary('tests/bench/origin/bench-origin'), '--cert', stage.certificates / 'origin.pem',
                          '--key', stage.certificates / 'origin.key'], stage.directory / f'{name}.log')
        self.port = int(self.ready_line().split('port=')[1])


class Stage:
    """The directory, certificates and programs of one row."""

    def __init__(self, build, directory):
        from harness import certificates  # of tests/bench
        self.build, self.directory = pathlib.Path(build), pathlib.Path(directory)
        self.certificates = certificates.make(self.directory / 'certs')
        self._started = []

    def binary(self, name):
        return str(self.build / name)

    def _keep(self, program):
        self._started.append(program)
        return program

    def origin(self):
        return self._keep(Origin(self, f'origin-{len(self._started)}'))

    def upstream(self, **where):
        return self._keep(Upstream(self, f'upstream-{len(self._started)}', **where))

    def gateway(self, upstream, changes=None, **how):
        return self._keep(Gateway(self, f'gateway-{len(self._started)}', upstream.port, changes or {}, **how))

    def program(self, command, **how):
        return self._keep(Program(command, self.directory / f'program-{len(self._started)}.log', **how))

    def close(self):
        for program in reversed(self._started):
            program.kill()
