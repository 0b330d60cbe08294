"""One gateway follows another under load: at sockets that both were handed, and at a port that they share."""
import concurrent.futures
import signal
import socket
import threading
import time

from support.client import Client, WebSocket, await_true, speech
from support.figures import at_least, at_most, exactly, told
from support.parting import Parting
from support.programs import ROOT

TARGET = ('either way: 0 requests lost, every WebSocket held to the deadline, then Close 1012 evenly over the spread, '
          'and opened anew; exit 0; at sockets that were handed down also one after the other')
BASELINE = 'nginx QUIT, HAProxy USR1: no Close to any WebSocket'
SHORT = {'sockets': 200, 'askers': 4, 'deadline': 4, 'spread': 2}
FULL = {'sockets': 1_000, 'askers': 8, 'deadline': 15, 'spread': 5}
HAND_DOWN = ROOT / 'tests/end_to_end/support/hand_down.py'


class Asker(threading.Thread):
    """Asks without a pause, up to twenty times on a connection, and goes when it is told that an answer was the last."""

    def __init__(self, port, token):
        super().__init__(daemon=True)
        self._port, self._request, self.enough = port, speech(token), False
        self.made, self.lost, self.longest = 0, [], 0.0
        self.start()

    def run(self):
        while not self.enough:
            try:
                with Client(self._port) as one:
                    self._ask_some(one)
            except OSError as why:
                self.made += 1
                self.lost.append(f'not connected: {why}')

    def _ask_some(self, one):
        for _ in range(20):
            self.made, begun = self.made + 1, time.monotonic()
            answer = one.ask(self._request)
            self.longest = max(self.longest, time.monotonic() - begun)
            if answer.status != 200 or not answer.whole:
                self.lost.append(f'answered with {answer.status}')
                return
            if answer.field('Connection') == 'close' or self.enough:
                return


class Load:
    """Requests without end."""

    def __init__(self, count, port, token):
        self._all = [Asker(port, token) for _ in range(count)]

    def made(self):
        return sum(one.made for one in self._all)

    def await_more(self, number=100):
        before = self.made()
        await_true(lambda: self.made() >= before + number, 'more requests')

    def end(self):
        for one in self._all:
            one.enough = True
        for one in self._all:
            one.join()
        return [why for one in self._all for why in one.lost]


def handed_down(listening):
    prefix = ['python3', HAND_DOWN, *(f'{name}={one.fileno()}' for name, one in listening.items()), '--']
    return {'prefix': prefix, 'pass_fds': [one.fileno() for one in listening.values()]}


def follow(way, first, start_next, sockets, askers, deadline, spread):
    """The figures of one restart, and who serves then."""
    load = Load(askers, first.port, first.token)
    held = [WebSocket(first.port, first.token) for _ in range(sockets)]
    load.await_more()
    second = start_next()
    load.await_more()
    begun = time.monotonic()
    first.signal(signal.SIGTERM)
    await_true(lambda: first.admin('/readyz')[0] == 503, 'a gateway that drains')
    echoes = sum(one.echo_ms() > 0 for one in held)
    echoed_after = time.monotonic() - begun
    with concurrent.futures.ThreadPoolExecutor(2) as hands:
        anew = []
        parting = Parting(held, begun, lambda: anew.append(hands.submit(WebSocket, first.port, first.token)))
        parting.watch(deadline + spread + 10)
        again = [one.result() for one in anew]
    status = first.wait(15)
    load.await_more()
    lost = load.end()
    echoes_again = sum(one.open and one.echo_ms() > 0 for one in again)
    for one in again:
        one.close()
    return second, [
        told(f'{way}: requests made', load.made()),
        exactly(f'{way}: of them lost', '; '.join(sorted(set(lost))) or 0, 0),
        exactly(f'{way}: WebSockets that echo while it drains', echoes, sockets),
        at_most(f'{way}: all of them within', echoed_after, float(deadline), 's'),
        at_least(f'{way}: the first Close after', parting.times[0], float(deadline), 's'),
        exactly(f'{way}: closed with 1012', parting.codes.count(1012), sockets),
        at_most(f'{way}: of them in the fullest quarter', parting.fullest(spread / 4), 0.4),
        exactly(f'{way}: opened anew, and echo', echoes_again, sockets),
        exactly(f'{way}: exit status', status, 0),
    ]


def one_after_the_other(first, start_next, askers):
    """Nobody serves in between: who comes waits in the sockets' queues."""
    load = Load(askers, first.port, first.token)
    load.await_more()
    first.signal(signal.SIGTERM)
    status = first.wait(15)
    start_next()
    load.await_more()
    lost = load.end()
    return [
        told('stop, then start: requests made', load.made()),
        exactly('stop, then start: of them lost', '; '.join(sorted(set(lost))) or 0, 0),
        exactly('stop, then start: exit status', status, 0),
    ]


def run(stage, sockets, askers, deadline, spread):
    upstream = stage.origin()
    drain = {'drain': {'deadline': f'{deadline}s', 'spread': f'{spread}s'}}
    listening = {name: socket.create_server(('127.0.0.1', 0), backlog=4096) for name in ('https', 'http')}
    how = handed_down(listening)

    def beside(other, **more):
        shared = {'https': [f'127.0.0.1:{other.port}'], 'http': [f'127.0.0.1:{other.plain_port}'], 'reuse_port': True}
        return stage.gateway(upstream, drain | {'listen': shared}, keys=other.keys, **more)
    first = stage.gateway(upstream, drain, **how)
    second, figures = follow('handed down', first, lambda: stage.gateway(upstream, drain, keys=first.keys, **how),
                             sockets, askers, deadline, spread)
    figures += one_after_the_other(second, lambda: stage.gateway(upstream, drain, keys=first.keys, **how), askers)
    third = stage.gateway(upstream, drain | {'listen': {'reuse_port': True}})
    return figures + follow('shared port', third, lambda: beside(third), sockets, askers, deadline, spread)[1]
