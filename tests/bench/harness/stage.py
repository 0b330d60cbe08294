"""What one run works with: its directory, certificates, secret, origin and load generator."""
import secrets

from . import certificates, system
from .processes import Process


class Stage:
    def __init__(self, directory, load, origin, ahead):
        self.directory = directory
        self.load = load
        self.ahead = ahead
        self.load_core, self.proxy_core = system.cores()
        self.certificates = certificates.make(directory / 'certs')
        self.secret = secrets.token_hex(32)
        # In our own session, as the load generator is: the two share a core fairly.
        self.origin = Process(
            'origin', [str(origin), '--cert', str(self.certificates / 'origin.pem'), '--key',
                       str(self.certificates / 'origin.key')], directory / 'origin.log', [self.load_core], own_session=False)
        self.origin_port = int(self.origin.ready_line().split('port=')[1])

    def own_directory(self, name):
        out = self.directory / name
        out.mkdir(exist_ok=True)
        return out

    def close(self):
        self.origin.stop()
