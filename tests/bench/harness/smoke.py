"""Does everything work? No time is looked at."""
import json

from . import measure, targets, workloads

SECONDS, WARM_UP, IDLE = 0.2, 0.1, (20,)
# A slow machine measures until there was something to measure; few connections are enough to show it.
MORE = ('--connections', '8', '--operations-min', '20')


def flaws(samples, loads, exit_statuses, gateways, json_file, table_file):
    out = []
    for name, by_proxy in samples.items():
        for proxy, taken in by_proxy.items():
            if not taken:
                out.append(f'{name}: {proxy} was not measured')
            count, reasons = measure.errors(taken, loads[name])
            if count:
                out.append(f'{name}: {proxy} made {count} errors {reasons}')
            out += [f'{name}: {proxy} did no work' for s in taken if not measure.worked(s)]
    wanted = {w.name for w in workloads.TIMED + workloads.IDLE} | {workloads.THREADS.name}
    out += [f'{name} was not measured' for name in wanted - {key.split()[0] for key in samples}]
    out += [f'{name} ended with status {status}' for name, status in exit_statuses.items() if name in gateways and status]
    written = json.loads(json_file.read_text())
    if len(written['rows']) != len(targets.ROWS) + 1:
        out.append(f'the JSON has {len(written["rows"])} rows')
    table = table_file.read_text()
    out += [f'the table lacks {row["work"]}' for row in written['rows'] if row['work'] not in table]
    return out
