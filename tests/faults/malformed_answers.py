"""Answers of the upstream that are no plain HTTP/1.1."""
from support.client import ask, speech
from support.figures import Figure, exactly
from support.upstream import BAD

TARGET = '6 of 6 are not shown as a complete 200, and nothing of them is injected'
BASELINE = 'nginx: 3 of 6 wrong (two lengths, length and chunks, bare LF); HAProxy: 2 of 6'
SHORT, FULL = {'times': 5}, {'times': 100}


def run(stage, times):
    gateway = stage.gateway(stage.upstream())
    figures, injected = [], 0
    for name in BAD:
        statuses = set()
        for _ in range(times):
            answer = ask(gateway.port, speech(gateway.token, f'/tts/bytes?bad={name}'))
            injected += answer.field('X-Injected') is not None or answer.field('X-Big') is not None
            statuses.add('complete 200' if answer.status == 200 and answer.whole else answer.status or 'cut')
        figures.append(Figure(name, ' '.join(map(str, statuses)), 'no complete 200', 'complete 200' not in statuses))
    figures.append(exactly('answers with injected fields', injected, 0))
    figures.append(exactly('the next request', ask(gateway.port, speech(gateway.token)).status, 200))
    return figures
