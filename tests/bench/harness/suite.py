"""Runs the work: every proxy in every round, forwards and backwards in turn, so that a drift of the machine hits all."""
import sys

from . import measure, workloads
from .gateway import Gateway
from .processes import DidNotStart


class Suite:
    def __init__(self, stage, meter, gateways, peers, rounds):
        self._stage = stage
        self._meter = meter
        self._gateways = gateways
        self._proxies = gateways + peers
        self._rounds = rounds
        self.samples = {}  # workload -> proxy -> list of samples
        self.workloads = {}  # by the same names

    def start(self):
        for proxy in list(self._proxies):
            try:
                proxy.start()
            except DidNotStart as why:
                if proxy in self._gateways:
                    raise
                self._proxies.remove(proxy)
                print(why, file=sys.stderr)
        return self._proxies

    def stop(self):
        return {proxy.name: proxy.stop() for proxy in self._proxies}

    def timed(self, workload):
        _say(workload.title)
        able = [p for p in self._proxies if p.checks_tokens or not workload.refused]
        into = self._begin(workload.name, workload, able)
        for proxy in self._rounds_of(able, self._rounds):
            self._sample(into, proxy, lambda proxy=proxy: self._meter.timed(proxy, workload))

    def idle(self, workload, connections, rounds):
        _say(f'{connections} × {workload.title}')
        into = self._begin(f'{workload.name} {connections}', workload, self._proxies)
        for proxy in self._rounds_of(self._proxies, rounds):
            self._sample(into, proxy, lambda proxy=proxy: self._meter.idle(proxy, workload, connections))

    def threads(self, binaries):
        """Each binary with one thread and with two. Two threads need both cores, so they share them with the load."""
        workload = workloads.THREADS
        _say(workload.title)
        both = sorted({self._stage.load_core, self._stage.proxy_core})
        ones = [(Gateway(f'{name} 1', path, self._stage), None) for name, path in binaries]
        twos = [(Gateway(f'{name} 2', path, self._stage, threads=2, cores=both), both) for name, path in binaries]
        runs = {gateway: cores for gateway, cores in ones + twos}
        into = self._begin(workload.name, workload, runs)
        try:
            for gateway in runs:
                gateway.start()
            for gateway in self._rounds_of(list(runs), self._rounds):
                self._sample(
                    into, gateway, lambda gateway=gateway: self._meter.timed(gateway, workload, runs[gateway]))
        finally:
            for gateway in runs:
                gateway.stop()

    def _begin(self, name, workload, proxies):
        self.workloads[name] = workload
        self.samples[name] = {p.name: [] for p in proxies}
        return self.samples[name]

    @staticmethod
    def _rounds_of(proxies, rounds):
        for i in range(rounds):
            yield from proxies if i % 2 == 0 else reversed(proxies)

    @staticmethod
    def _sample(into, proxy, take):
        try:
            into[proxy.name].append(take())
        except (measure.Failed, DidNotStart) as why:
            print(f'{proxy.name}: {why}', file=sys.stderr)


def _say(what):
    print(what, file=sys.stderr, flush=True)
