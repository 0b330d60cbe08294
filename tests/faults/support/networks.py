"""Networks of our own, in which a cable can be cut. Nothing of this machine's is touched. For root."""
import contextlib
import ctypes
import os
import subprocess

from .client import await_true
from .programs import CannotRun

_CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)
NEAR, FAR = '10.77.0.1', '10.77.0.2'


def _ip(*words, inside=None):
    prefix = ('nsenter', '-t', str(inside), '-n') if inside else ()
    subprocess.run([*prefix, 'ip', *words], check=True, capture_output=True)


def _enter(network):
    if _libc.setns(network, _CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), 'setns')


@contextlib.contextmanager
def own_network():
    """This process, and what it starts, are in a network of their own meanwhile."""
    before = os.open('/proc/self/ns/net', os.O_RDONLY)
    if _libc.unshare(_CLONE_NEWNET):
        raise CannotRun('no network of our own can be made: be root')
    try:
        _ip('link', 'set', 'lo', 'up')
        yield
    finally:
        _enter(before)
        os.close(before)


class FarNetwork:
    """Another network, at the end of a cable from this one."""

    def __init__(self, stage):
        self._holder = stage.program(['unshare', '--net', 'sleep', 'infinity']).id
        mine = os.stat('/proc/self/ns/net').st_ino
        await_true(lambda: os.stat(f'/proc/{self._holder}/ns/net').st_ino != mine, 'a network')
        _ip('link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'far', 'netns', str(self._holder))
        _ip('addr', 'add', f'{NEAR}/24', 'dev', 'near')
        _ip('link', 'set', 'near', 'up')
        _ip('addr', 'add', f'{FAR}/24', 'dev', 'far', inside=self._holder)
        _ip('link', 'set', 'far', 'up', inside=self._holder)

    @contextlib.contextmanager
    def from_there(self):
        """Sockets that are made meanwhile belong there."""
        with open('/proc/self/ns/net') as here, open(f'/proc/{self._holder}/ns/net') as there:
            _enter(there.fileno())
            try:
                yield
            finally:
                _enter(here.fileno())

    def cut(self):
        _ip('link', 'set', 'near', 'down')
