"""The programs that a run needs."""
import dataclasses
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[3]


@dataclasses.dataclass(frozen=True)
class Programs:
    gateways: list  # (name, path)
    load: pathlib.Path
    origin: pathlib.Path


def programs(build_dir, binaries, log):
    if build_dir is None:
        build_dir = ROOT / 'build/release'
        _build_release(log, [] if binaries else ['voicegate'])
    tools = build_dir.resolve() / 'tests/bench'
    return Programs(binaries or [('voicegate', build_dir.resolve() / 'gateway/voicegate')],
                    tools / 'load/bench-load', tools / 'origin/bench-origin')


def _build_release(log, more):
    subprocess.run(['bash', '-c', '. deploy/common.sh; build release "$@"', 'build', str(log), 'bench-load', 'bench-origin',
                    *more], cwd=ROOT, check=True)
