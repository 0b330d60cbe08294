"""Watches connections on which nothing comes to an end, while a good client goes on asking."""
import select
import time

from .client import ask_timed, speech

_SLACK = 4  # seconds after which we give up; the target is 2
_TURN = 0.05


def watch_until_closed(gateway, sockets, limit, in_each_turn=None):
    """(seconds until each was closed by the gateway, milliseconds that a good client's requests took)"""
    begun = time.monotonic()
    waiting, closed_after, times = {one.fileno(): one for one in sockets}, [], []
    events = select.epoll()
    for number in waiting:
        events.register(number, select.EPOLLRDHUP | select.EPOLLHUP)
    turn = 0
    while waiting and time.monotonic() - begun < limit + _SLACK:
        for number, _ in events.poll(_TURN):
            closed_after.append(time.monotonic() - begun)
            events.unregister(number)
            waiting.pop(number).close()
        answer, took = ask_timed(gateway.port, speech(gateway.token))
        times.append(took if answer.whole else float('inf'))
        turn += 1
        if in_each_turn and turn % 10 == 1:
            for one in waiting.values():
                in_each_turn(one)
    events.close()
    return closed_after, times
