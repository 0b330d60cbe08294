"""Clients that ask for 8 MiB each and read nothing of it."""
from support.client import Client, ask_timed, speech
from support.figures import at_most, percentile, told

TARGET = '1,000 clients × 8 MiB unread: ≤ 256 KiB RSS each above start; other clients p99 ≤ 100 ms'
BASELINE = 'nginx, 200: 7.6 KiB (already warm)'
SHORT, FULL = {'clients': 100, 'others': 100}, {'clients': 1_000, 'others': 500}
BODY = '/tts/bytes?n=2048&m=4096'


def run(stage, clients, others):
    gateway = stage.gateway(stage.origin())

    def ask_as_another():
        answer, took = ask_timed(gateway.port, speech(gateway.token))
        return took if answer.whole else float('inf')
    ask_as_another()
    resident = gateway.resident_bytes()
    slow, as_they_come = [], []
    for number in range(clients):
        one = Client(gateway.port, receive_buffer=4096)
        one.send(speech(gateway.token, BODY))
        slow.append(one)
        if number * others // clients != (number + 1) * others // clients:
            as_they_come.append(ask_as_another())
    gateway.await_calm()
    once_stuck = [ask_as_another() for _ in range(others)]
    each = (gateway.resident_bytes() - resident) / clients / 1024
    for one in slow:
        one.reset()
    return [
        at_most('KiB of RSS each', each, 256.0),
        told('others p99, while they come', percentile(as_they_come, 0.99), 'ms'),
        at_most('others p99, once all are stuck', percentile(once_stuck, 0.99), 100.0, 'ms'),
    ]
