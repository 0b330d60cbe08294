"""The upstream's TCP ends in the middle of a body, without a close_notify: TLS truncation."""
from support.client import ask, speech
from support.figures import exactly

TARGET = '0 of 100 shown as complete'
BASELINE = 'nginx: 5 of 5 wrong; HAProxy: 0 of 5'
SHORT, FULL = {'times': 99}, {'times': 999}
FORMS = ('close', 'length', 'chunked')


def run(stage, times):
    gateway = stage.gateway(stage.upstream())
    whole, passed, next_failed = dict.fromkeys(FORMS, 0), 0, 0
    for number in range(times):
        form = FORMS[number % len(FORMS)]
        answer = ask(gateway.port, speech(gateway.token, f'/tts/bytes?cut={form}'))
        whole[form] += answer.whole and answer.status == 200
        passed += answer.status == 200
        next_failed += ask(gateway.port, speech(gateway.token)).status != 200
    return [
        *(exactly(f'{form}: shown as complete', whole[form], 0) for form in FORMS),
        exactly('answers whose head came', passed, times),
        exactly('next requests without 200', next_failed, 0),
    ]
