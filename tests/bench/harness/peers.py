"""The proxies that we are measured beside. Their configurations are templates in tests/bench/peers/."""
import base64
import dataclasses
import hashlib
import hmac
import json
import pathlib
import shutil
import subprocess
import time

from .processes import Process, free_port

TEMPLATES = pathlib.Path(__file__).parent.parent / 'peers'


@dataclasses.dataclass(frozen=True)
class Kind:
    name: str
    templates: str  # the folder
    command: tuple  # {dir} is where the filled templates lie
    packages: tuple  # of Debian
    checks_tokens: bool = False
    module: str | None = None  # a file without which it does not run

    def installed(self):
        return shutil.which(self.command[0]) is not None and (self.module is None or pathlib.Path(self.module).exists())


KINDS = (
    Kind('nginx-njs', 'nginx', ('nginx', '-c', '{dir}/njs.conf'), ('nginx', 'libnginx-mod-http-js'),
         checks_tokens=True, module='/usr/lib/nginx/modules/ngx_http_js_module.so'),
    Kind('nginx-noauth', 'nginx', ('nginx', '-c', '{dir}/noauth.conf'), ('nginx',)),
    Kind('haproxy-jwt', 'haproxy', ('haproxy', '-db', '-f', '{dir}/common.cfg', '-f', '{dir}/jwt.cfg', '-f',
                                    '{dir}/origin.cfg'), ('haproxy',), checks_tokens=True),
    Kind('haproxy-noauth', 'haproxy', ('haproxy', '-db', '-f', '{dir}/common.cfg', '-f', '{dir}/noauth.cfg', '-f',
                                       '{dir}/origin.cfg'), ('haproxy',)),
    Kind('h2o', 'h2o', ('h2o', '-m', 'worker', '-c', '{dir}/h2o.conf'), ('h2o',)),
    Kind('caddy', 'caddy', ('caddy', 'run', '--config', '{dir}/Caddyfile', '--adapter', 'caddyfile'), ('caddy',)),
    Kind('apache-oidc', 'apache', ('apache2', '-D', 'FOREGROUND', '-f', '{dir}/oidc.conf'),
         ('apache2', 'libapache2-mod-auth-openidc'), checks_tokens=True,
         module='/usr/lib/apache2/modules/mod_auth_openidc.so'),
)
# What --install brings. Apache is measured only where it is already.
INSTALLED_ON_REQUEST = ('nginx-njs', 'nginx-noauth', 'haproxy-jwt', 'haproxy-noauth', 'h2o', 'caddy')


def install():
    def has(package):
        return subprocess.run(['dpkg', '-s', package], capture_output=True).returncode == 0
    wanted = {p for kind in KINDS if kind.name in INSTALLED_ON_REQUEST for p in kind.packages}
    missing = sorted(p for p in wanted if not has(p))
    if missing:
        print('installing', ' '.join(missing), flush=True)
        subprocess.run(['apt-get', '-q', 'update'], check=True, stdout=subprocess.DEVNULL)
        subprocess.run(['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qy', 'install', '--no-install-recommends',
                        *missing], check=True, stdout=subprocess.DEVNULL)


class Peer:
    def __init__(self, kind, stage):
        self.name = kind.name
        self.checks_tokens = kind.checks_tokens
        self._kind = kind
        self._stage = stage
        self._directory = stage.own_directory(kind.name)
        self._process = None

    def start(self):
        self.port = free_port()
        self._fill_templates()
        command = [word.format(dir=self._directory) for word in self._kind.command]
        # For Caddy: one thread at work, and files nowhere but here.
        home = {name: str(self._directory) for name in ('HOME', 'XDG_DATA_HOME', 'XDG_CONFIG_HOME')}
        self._process = Process(self.name, command, self._directory / 'stderr.log', [self._stage.proxy_core],
                                self._stage.ahead, home | {'GOMAXPROCS': '1'})
        self._process.await_port(self.port)

    def _fill_templates(self):
        values = {'@DIR@': str(self._directory), '@CERTS@': str(self._stage.certificates), '@PORT@': str(self.port),
                  '@ORIGIN@': str(self._stage.origin_port), '@SECRET@': self._stage.secret}
        for template in (TEMPLATES / self._kind.templates).iterdir():
            text = template.read_text()
            for name, value in values.items():
                text = text.replace(name, value)
            (self._directory / template.name).write_text(text)

    def stop(self, patience=3):
        process, self._process = self._process, None
        return process.stop(patience) if process else 0

    def ids(self):
        return self._process.ids()

    def token(self):
        return _hs256_token(self._stage.secret.encode(), int(time.time()))


def _hs256_token(key, now):
    """A JWT of the form of Cartesia's own."""
    def encode(raw):
        return base64.urlsafe_b64encode(raw).rstrip(b'=')

    def as_json(value):
        return json.dumps(value, separators=(',', ':')).encode()
    claims = {'iss': 'https://api.cartesia.ai', 'sub': 'user-7f3a9c21d0', 'sid': 'b8e0c7a94d1f4c2e', 'iat': now,
              'exp': now + 864_000, 'grants': {'tts': True, 'stt': False, 'agent': False}}
    signed = encode(as_json({'alg': 'HS256', 'typ': 'JWT'})) + b'.' + encode(as_json(claims))
    return (signed + b'.' + encode(hmac.new(key, signed, hashlib.sha256).digest())).decode()
