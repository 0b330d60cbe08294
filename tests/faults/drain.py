"""SIGTERM while requests are under way, connections are kept and WebSockets are open."""
import signal
import socket
import threading
import time

from support.client import Client, WebSocket, await_true, milliseconds, request, speech
from support.figures import at_least, at_most, exactly
from support.parting import Parting

TARGET = ('new ones refused ≤ 100 ms; what is under way is answered, kept connections get one more answer; every WebSocket '
          'goes on to the deadline, and gets Close 1012 evenly over the spread; exit 0')
BASELINE = 'nginx QUIT, HAProxy USR1: the slow request is answered; no Close to any of 20, not gone after 8 s'
SHORT = {'sockets': 100, 'requests': 10, 'deadline': 3, 'spread': 2}
FULL = {'sockets': 1_000, 'requests': 50, 'deadline': 10, 'spread': 5}


def is_refused(port):
    try:
        socket.create_connection(('127.0.0.1', port), 1).close()
        return False
    except ConnectionRefusedError:
        return True


def last_answer(one, question):
    """Of a kept connection: the first that says so. The signal may still be under way at the first answers."""
    answer = one.ask(question)
    while answer.status == 200 and answer.field('Connection') != 'close':
        answer = one.ask(question)
    return answer


def run(stage, sockets, requests, deadline, spread):
    upstream = stage.upstream()
    gateway = stage.gateway(upstream, {'drain': {'deadline': f'{deadline}s', 'spread': f'{spread}s'}})
    running = [Client(gateway.port) for _ in range(requests)]
    kept = [Client(gateway.port) for _ in range(requests)]
    for one in running:
        one.send(speech(gateway.token, '/tts/bytes?wait=1'))
    for one in kept:
        one.ask(request('GET', '/session', gateway.token))
    open_ones = [WebSocket(gateway.port, gateway.token) for _ in range(sockets)]
    open_ones[-1].echo_ms()
    refused_after = []

    def try_to_connect():
        await_true(lambda: is_refused(gateway.port), 'a closed listener')
        refused_after.append(milliseconds(begun))
    begun = time.monotonic()
    gateway.signal(signal.SIGTERM)
    newcomer = threading.Thread(target=try_to_connect)
    newcomer.start()
    last_answers = [last_answer(one, request('GET', '/session', gateway.token)) for one in kept]
    echoes = sum(one.echo_ms() > 0 for one in open_ones)
    newcomer.join()
    upstream.signal(signal.SIGUSR1)
    answered = sum(one.read_answer().whole for one in running)
    for one in running + kept:
        one.close()
    parting = Parting(open_ones, begun)
    parting.watch(deadline + spread + 5)
    status = gateway.wait(15)
    gone = milliseconds(begun) / 1000
    return [
        at_most('new connections refused after', refused_after[0], 100.0, 'ms'),
        exactly('requests under way, answered', answered, requests),
        exactly('kept connections with one last answer',
                sum(one.status == 200 for one in last_answers), requests),
        exactly('WebSockets that echo meanwhile', echoes, sockets),
        exactly('WebSockets closed with 1012', parting.codes.count(1012), sockets),
        at_least('the first of them after', parting.times[0], float(deadline), 's'),
        at_most('the last of them after', parting.times[-1], deadline + spread + 1.0, 's'),
        at_most('of them in the fullest quarter of the spread', parting.fullest(spread / 4), 0.4),
        exactly('exit status', status, 0),
        at_most('after', gone, deadline + spread + 5.0, 's'),
    ]
