"""SIGTERM while requests are under way and WebSockets are open."""
import signal
import socket
import threading
import time

from support.client import Client, WebSocket, await_true, milliseconds, speech
from support.figures import at_most, exactly

TARGET = 'new ones refused ≤ 100 ms; what is under way is answered; every WebSocket gets Close 1012 ≤ 1 s; exit 0 ≤ 10 s'
BASELINE = 'nginx QUIT, HAProxy USR1: the slow request is answered; no Close to any of 20, not gone after 8 s'
SHORT, FULL = {'sockets': 100, 'requests': 10}, {'sockets': 1_000, 'requests': 50}


def is_refused(port):
    try:
        socket.create_connection(('127.0.0.1', port), 1).close()
        return False
    except ConnectionRefusedError:
        return True


def run(stage, sockets, requests):
    upstream = stage.upstream()
    gateway = stage.gateway(upstream)
    running = [Client(gateway.port) for _ in range(requests)]
    for one in running:
        one.send(speech(gateway.token, '/tts/bytes?wait=1'))
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
    codes, latest = [], 0.0
    for one in open_ones:
        codes.append(one.hear_close())
        latest = milliseconds(begun)
        one.say((1012).to_bytes(2, 'big'), 8)
        one.close()
    newcomer.join()
    upstream.signal(signal.SIGUSR1)
    answered = sum(one.read_answer().whole for one in running)
    status = gateway.wait(15)
    gone = milliseconds(begun) / 1000
    return [
        at_most('new connections refused after', refused_after[0], 100.0, 'ms'),
        exactly('requests under way, answered', answered, requests),
        exactly('WebSockets closed with 1012', codes.count(1012), sockets),
        at_most('the last of them after', latest, 1000.0, 'ms'),
        exactly('exit status', status, 0),
        at_most('after', gone, 10.0, 's'),
    ]
