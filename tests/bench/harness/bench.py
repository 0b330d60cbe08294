"""One run, from the command line to the table."""
import contextlib
import json
import pathlib
import shlex
import shutil
import signal
import sys
import tempfile

from . import build, options, peers, smoke, system, table, workloads
from .gateway import Gateway
from .measure import Meter
from .stage import Stage
from .suite import Suite

WARM_UP = 0.5
IDLE_ROUNDS = 2


def main(words):
    given = options.read(words)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    system.raise_descriptor_limit()
    if given.install:
        peers.install()
    directory = (given.dir or pathlib.Path(tempfile.mkdtemp(prefix='voicegate-bench-'))).resolve()
    directory.mkdir(parents=True, exist_ok=True)
    programs = build.programs(given.build_dir, given.binary, directory / 'build.log')
    with contextlib.nullcontext() if given.smoke else system.ahead_of_others():
        suite, proxies, statuses = _measure(given, programs, directory)
    result = _result(words, suite, proxies, [name for name, _ in programs.gateways])
    _write(result, directory, given.json)
    if given.smoke:
        return _judge_smoke(suite, statuses, result, directory, keep=given.dir is not None)
    print(f'\nresults: {directory}/results.json', file=sys.stderr)
    return 0


def _measure(given, programs, directory):
    stage = Stage(directory, programs.load, programs.origin, ahead=not given.smoke)
    statuses = {}
    try:
        gateways = [Gateway(name, path, stage) for name, path in programs.gateways]
        others = [peers.Peer(kind, stage) for kind in peers.KINDS if kind.name in given.peers]
        suite = Suite(stage, _meter(given, stage), gateways, others, given.rounds)
        try:
            proxies = [p.name for p in suite.start()]
            _run(given, suite, programs.gateways)
        finally:
            statuses = suite.stop()
    finally:
        stage.close()
    return suite, proxies, statuses


def _meter(given, stage):
    if given.smoke:
        return Meter(stage, smoke.SECONDS, smoke.WARM_UP, more=smoke.MORE)
    return Meter(stage, given.secs, WARM_UP, given.retries)


def _run(given, suite, binaries):
    for workload in workloads.TIMED:
        if workload.row in given.only:
            suite.timed(workload)
    for workload in workloads.IDLE:
        for connections in smoke.IDLE if given.smoke else given.idle:
            if workload.row in given.only:
                suite.idle(workload, connections, 1 if given.smoke else IDLE_ROUNDS)
    if given.threads_ratio:
        suite.threads(binaries)


def _result(words, suite, proxies, gateways):
    return {
        'date': system.today(), 'machine': system.describe(), 'command': shlex.join(['tests/bench/run', *words]),
        'gateways': gateways, 'peers': [p for p in proxies if p not in gateways],
        'rows': table.rows(suite.samples, gateways), 'notes': table.notes(suite.samples, suite.workloads, gateways),
        'samples': suite.samples,
    }


def _write(result, directory, also):
    text = table.write(result)
    print(text)
    (directory / 'table.md').write_text(text)
    for file in filter(None, (directory / 'results.json', also)):
        file.write_text(json.dumps(result, indent=1, ensure_ascii=False) + '\n')


def _judge_smoke(suite, statuses, result, directory, keep):
    flaws = smoke.flaws(suite.samples, suite.workloads, statuses, result['gateways'], directory / 'results.json',
                        directory / 'table.md')
    for flaw in flaws:
        print(flaw, file=sys.stderr)
    if flaws:
        print(f'logs: {directory}', file=sys.stderr)
    elif not keep:
        shutil.rmtree(directory)
    return 1 if flaws else 0
