"""WebSockets whose end is near: when each gets its Close, and with which code."""
import select
import time


class Parting:
    """`then(socket)` is called for each behind its Close, as a client would do to connect again."""

    def __init__(self, sockets, begun, then=None):
        self._waiting = {one.tls.fileno(): one for one in sockets}
        self._begun, self._then = begun, then
        self.codes, self.times = [], []  # None: it ended without one; seconds since `begun`
        self._events = select.epoll()
        for number in self._waiting:
            self._events.register(number, select.EPOLLIN | select.EPOLLRDHUP)

    def watch(self, patience):
        """Until all have ended, or `patience` seconds since `begun` are over."""
        while self._waiting and time.monotonic() < self._begun + patience:
            for number, _ in self._events.poll(0.1):
                self._end(number)

    def _end(self, number):
        one = self._waiting[number]
        self.codes.append(one.hear_close())
        self.times.append(time.monotonic() - self._begun)
        self._events.unregister(number)
        del self._waiting[number]
        if self.codes[-1] is not None:
            one.say(self.codes[-1].to_bytes(2, 'big'), 8)
        one.close()
        if self._then:
            self._then()

    def fullest(self, width):
        """The share of all that ended in the fullest span of `width` seconds."""
        most = max(sum(begin <= at < begin + width for at in self.times) for begin in self.times)
        return most / len(self.times)
