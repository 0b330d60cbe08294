"""The gateway as it is shipped: token check, access log, metrics, deadlines and limits are all on, but
for the one on the connections of an address."""
import json
import re
import subprocess

from .processes import Process


class Gateway:
    checks_tokens = True

    def __init__(self, name, binary, stage, threads=1, cores=None):
        self.name = name
        self._binary = str(binary)
        self._stage = stage
        self._cores = cores or [stage.proxy_core]
        self._directory = stage.own_directory(name)
        self._process = None
        self._config = self._directory / 'voicegate.json'
        self._config.write_text(json.dumps(self._settings(threads), indent=2))
        key = self._directory / 'api.key'
        key.touch(mode=0o600)
        key.write_text('sk_car_bench')
        self._run('keygen', 'tokens', str(self._directory / 'tokens.json'))

    def _settings(self, threads):
        certificates = self._stage.certificates
        return {
            'listen': {'https': ['127.0.0.1:0'], 'http': ['127.0.0.1:0'], 'admin': '127.0.0.1:0'},
            'threads': threads,
            'tls': {'certificates': [{'chain': str(certificates / 'gateway.pem'),
                                      'key': str(certificates / 'gateway.key')}]},
            'upstream': {'url': f'https://127.0.0.1:{self._stage.origin_port}', 'server_name': 'origin.test',
                         'ca_file': str(certificates / 'ca.pem'), 'credential': 'api_key',
                         'api_key': {'file': 'api.key'}},
            'tokens': {'key_file': 'tokens.json', 'cookie': 'cartesia_token'},
            'log': {'access': 'access.log'},
            'limits': {'connections_per_address': 0},  # all clients have one
        }

    def _run(self, *words):
        return subprocess.run([self._binary, *words], check=True, capture_output=True, text=True).stdout

    def start(self):
        self._process = Process(
            self.name, [self._binary, 'serve', '--config', str(self._config), '--print-ports'],
            self._directory / 'stderr.log', self._cores, self._stage.ahead)
        self.port = int(re.search(r'https=(\d+)', self._process.ready_line())[1])

    def stop(self, patience=3):
        process, self._process = self._process, None
        status = process.stop(patience) if process else 0
        (self._directory / 'access.log').unlink(missing_ok=True)  # a line for each request: it grows fast
        return status

    def ids(self):
        return self._process.ids()

    def token(self):
        return self._run('mint', '--config', str(self._config), '--grants', 'tts,stt,agent', '--expires-in', '1h',
                         '--subject', 'bench').strip()
