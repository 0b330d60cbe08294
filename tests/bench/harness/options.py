"""The command line."""
import argparse
import pathlib

from . import peers, workloads


def read(words):
    kinds = [k.name for k in peers.KINDS]
    parser = argparse.ArgumentParser(
        prog='tests/bench/run', description='Measures the gateway beside other proxies on the same work, in one run.')
    add = parser.add_argument
    add('--only', type=_list(workloads.ROWS), default=workloads.ROWS, metavar='ROWS', help='such as 1,3 (default: all)')
    add('--peers', type=_list(kinds), metavar='NAMES', help=f'of {", ".join(kinds)} (default: those installed); "" for none')
    add('--install', action='store_true', help='first install nginx with njs, HAProxy, h2o and Caddy from Debian')
    add('--rounds', type=int, default=3, help='measurements of each proxy, in turn (%(default)s)')
    add('--secs', type=float, default=3, help='how long each takes (%(default)s)')
    add('--retries', type=int, default=0, help='further tries when others disturbed a measurement (%(default)s)')
    add('--idle', type=_numbers, default=(2000,), metavar='NUMBERS', help='idle connections for row 8 (2000)')
    add('--threads-ratio', action='store_true', help='also compare two threads with one')
    add('--binary', type=_binary, action='append', default=[], metavar='[NAME=]PATH',
        help='a gateway to measure in place of the release build; several are measured in turn, the last one is judged')
    add('--build-dir', type=pathlib.Path, help='take programs from there and build nothing')
    add('--dir', type=pathlib.Path, help='for work and results (a fresh temporary directory)')
    add('--json', type=pathlib.Path, help='also write the results there')
    add('--smoke', action='store_true', help='show in a few seconds that all of it works; no peers')
    given = parser.parse_args(words)
    names = [name for name, _ in given.binary]
    if len(set(names)) != len(names):
        parser.error('each --binary needs a NAME of its own')
    if given.smoke:
        given.peers, given.rounds, given.threads_ratio = [], 1, True
    if given.peers is None:
        given.peers = [k.name for k in peers.KINDS if k.installed() or (given.install and k.name in peers.INSTALLED_ON_REQUEST)]
    return given


def _list(allowed):
    def read_list(text):
        out = [word for word in text.split(',') if word]
        for word in out:
            if word not in allowed:
                raise argparse.ArgumentTypeError(f'{word} is none of {", ".join(allowed)}')
        return out
    return read_list


def _numbers(text):
    try:
        return tuple(int(word) for word in text.split(','))
    except ValueError:
        raise argparse.ArgumentTypeError('numbers with commas between') from None


def _binary(text):
    name, equals, path = text.rpartition('=')
    path = pathlib.Path(path).resolve()
    if not path.is_file():
        raise argparse.ArgumentTypeError(f'there is no {path.name}')
    return (name if equals else 'voicegate'), path
