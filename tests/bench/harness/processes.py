"""Programs that are measured or measured with. Each ends with its owner; nothing else is ended."""
import os
import select
import signal
import socket
import subprocess
import time

from . import system

PATIENCE = 60  # seconds; a sanitizer's build on a busy machine takes its time


class DidNotStart(Exception):
    pass


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Process:
    def __init__(self, name, command, log, cores, ahead=False, environment=None, own_session=True):
        self.name = name
        self._log_path = log
        with open(log, 'ab') as errors:
            self._running = subprocess.Popen(
                ['taskset', '-c', ','.join(str(c) for c in cores), *command], stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=errors, env=os.environ | (environment or {}), start_new_session=own_session)
        if ahead:
            system.put_session_ahead(self._running.pid)

    def ids(self):
        return system.tree(self._running.pid)

    def ready_line(self):
        """What it says once it serves."""
        if select.select([self._running.stdout], [], [], PATIENCE)[0]:
            if line := self._running.stdout.readline():
                return line.decode()
        raise self._did_not_start()

    def await_port(self, port):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self._running.poll() is None:
            try:
                socket.create_connection(('127.0.0.1', port), 0.3).close()
                break
            except OSError:
                time.sleep(0.05)
        time.sleep(0.2)  # some listen first and fail afterwards
        if self._running.poll() is not None or time.monotonic() >= until:
            raise self._did_not_start()

    def _did_not_start(self):
        self.stop()
        with open(self._log_path, errors='replace') as log:
            return DidNotStart(f'{self.name} did not start: {log.read()[-600:].strip()}')

    def stop(self, patience=3):
        """Its exit status; None when it had to be killed."""
        for one in reversed(self.ids()):
            _signal(one, signal.SIGTERM)
        try:
            return self._running.wait(patience)
        except subprocess.TimeoutExpired:
            for one in self.ids():
                _signal(one, signal.SIGKILL)
            self._running.wait()
            return None
        finally:
            self._running.stdout.close()


def _signal(process, number):
    try:
        os.kill(process, number)
    except ProcessLookupError:
        pass
