"""One measurement: the load generator against one proxy, with what else went on meanwhile."""
import json
import re
import statistics
import subprocess
import time

from . import system

NOISE_MAX = 0.12  # of a core: what others took, and time in which the machine stood still
WARM_UP = 50  # connections that come before idle ones are counted, for what a process allocates but once


class Failed(Exception):
    pass


class Meter:
    def __init__(self, stage, seconds, warm_up, retries=0, more=()):
        self._stage = stage
        self._timing = ['--seconds', str(seconds), '--warm-up', str(warm_up), *more]
        self._retries = retries

    def timed(self, proxy, workload, cores=None):
        """The sample with the least noise: the first one that is quiet enough, if any is."""
        best = None
        for _ in range(self._retries + 1):
            if self._retries:
                system.wait_for_quiet(0.5)
            sample = self._timed_once(proxy, workload, cores or [self._stage.load_core])
            if best is None or sample['noise'] < best['noise']:
                best = sample
            if best['noise'] < NOISE_MAX:
                break
        return best

    def _timed_once(self, proxy, workload, cores):
        watched = [f'proxy{i}:{p}' for i, p in enumerate(proxy.ids())] + [f'origin:{self._stage.origin.ids()[0]}']
        command = self._command(proxy, workload, cores) + [*self._timing, '--watch', ','.join(watched)]
        before, own_before = system.Moment(), self._own_seconds(proxy)
        run = subprocess.run(command, capture_output=True, text=True, timeout=180)
        after, own_after = system.Moment(), self._own_seconds(proxy)
        sample = _last_line(run)
        sample['proxy_us'] = sum(v for k, v in sample.items() if re.fullmatch(r'proxy\d+_us', k))
        sample['proxy_cores'] = sum(v for k, v in sample.items() if re.fullmatch(r'proxy\d+_cores', k))
        sample['stalled'] = before.stalled_until(after)
        sample['foreign_cores'] = before.busy_cores_until(after) - (own_after - own_before) / (after.at - before.at)
        sample['noise'] = max(0, sample['stalled']) + max(0, sample['foreign_cores'])
        return sample

    def _own_seconds(self, proxy):
        ours = proxy.ids() + self._stage.origin.ids()
        return sum(system.processor_seconds(p) for p in ours) + system.own_processor_seconds()

    def _command(self, proxy, workload, cores):
        cookie = ['--cookie', proxy.token()] if workload.token else []
        return ['taskset', '-c', ','.join(str(c) for c in cores), str(self._stage.load), '--port', str(proxy.port),
                *workload.arguments, *cookie]

    def idle(self, proxy, workload, connections):
        """What a fresh process grows by, for each idle connection."""
        proxy.stop()
        proxy.start()
        command = self._command(proxy, workload, [self._stage.load_core])
        subprocess.run([*command, '--connections', str(WARM_UP), '--hold', '0.2'], capture_output=True, timeout=180)
        time.sleep(0.5)
        before = system.memory_bytes(proxy.ids())
        with subprocess.Popen([*command, '--connections', str(connections), '--hold', '2'], stdout=subprocess.PIPE,
                              text=True) as clients:
            said = clients.stdout.readline()
            time.sleep(0.8)
            after = system.memory_bytes(proxy.ids())
            said += clients.stdout.read()
        sample = json.loads(said.strip().split('\n')[-1])
        sample |= {'wanted': connections, 'base_bytes': before,
                   'bytes_each': (after - before) / max(1, sample['held'])}
        return sample


def _last_line(run):
    try:
        return json.loads(run.stdout.strip().split('\n')[-1])
    except ValueError:
        raise Failed(f'the load generator failed: {run.stdout[-300:]} {run.stderr[-300:]}') from None


def worked(sample):
    return sample.get('operations', sample.get('held')) > 0


def median(samples, read):
    good = [read(s) for s in samples if worked(s)]
    return statistics.median(good) if good else None


def errors(samples, workload):
    """How often something went wrong, and what."""
    count, reasons = 0, {}
    for s in samples:
        if 'wanted' in s:
            count += s['wanted'] - s['held']
        else:
            refusals = s['operations'] - s['status_4xx'] if workload.refused else s['status_4xx']
            count += s['failures'] + s['status_5xx'] + refusals
        for reason, n in s['failure_reasons'].items():
            reasons[reason] = reasons.get(reason, 0) + n
    return count, reasons
