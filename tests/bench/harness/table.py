"""The one table: a row for each figure, a column for each proxy, and what was asked for."""
from . import measure, targets, workloads


def rows(samples, gateways):
    """Medians, ratios and verdicts. With several gateways the last one is judged."""
    out = []
    for row in targets.ROWS:
        for name, by_proxy in samples.items():
            if name.split()[0] == row.workload:
                out.append(_row(name, row, by_proxy, gateways))
    if workloads.THREADS.name in samples:
        out.append(_threads_row(samples[workloads.THREADS.name], gateways))
    return out


def _row(name, row, by_proxy, gateways):
    workload = next(w for w in workloads.TIMED + workloads.IDLE if w.name == row.workload)
    figures = {proxy: measure.median(s, row.read) for proxy, s in by_proxy.items()}
    rivals = {p: figures[p] for p in row.rivals if figures.get(p)}
    rival = min(rivals, key=rivals.get, default=None)
    judged = figures.get(gateways[-1])
    ratio = judged / rivals[rival] if judged is not None and rival else None
    met = None
    if row.value_max is not None and judged is not None:
        met = judged <= row.value_max
    elif ratio is not None:
        met = ratio <= row.ratio_max
    connections = f'{name.split()[1]} × ' if ' ' in name else ''
    return {
        'row': workload.row, 'work': connections + workload.title, 'unit': row.unit, 'digits': row.digits,
        'figures': figures, 'flawed': [p for p, s in by_proxy.items() if measure.errors(s, workload)[0]],
        'rival': rival, 'ratio': ratio, 'change': _change(figures, gateways),
        'target': 'none' if row.value_max is not None else f'≤ {row.ratio_max:.2f} ×', 'met': met,
    }


def _threads_row(by_run, gateways):
    figures = {g: 2 * _us(by_run[f'{g} 1']) / _us(by_run[f'{g} 2']) for g in gateways
               if _us(by_run[f'{g} 1']) and _us(by_run[f'{g} 2'])}
    judged = figures.get(gateways[-1])
    return {
        'row': 'threads', 'work': workloads.THREADS.title, 'unit': 'ratio, from CPU µs per request', 'digits': 2,
        'figures': figures, 'flawed': [], 'rival': None, 'ratio': None, 'change': _change(figures, gateways),
        'target': f'≥ {targets.THREADS_RATIO_MIN}', 'met': judged and judged >= targets.THREADS_RATIO_MIN,
    }


def _change(figures, gateways):
    first, last = figures.get(gateways[0]), figures.get(gateways[-1])
    return last / first if len(gateways) > 1 and first and last is not None else None


def _us(samples):
    return measure.median(samples, lambda s: s['proxy_us'])


def write(result):
    gateways = result['gateways']
    proxies = gateways + result['peers']
    heads = ['', 'work', 'measured by', *proxies, 'best named peer', 'ratio', 'target', 'met']
    if len(gateways) > 1:
        heads.insert(3 + len(proxies), f'{gateways[-1]} ÷ {gateways[0]}')
    lines = [f'{result["date"]}. {result["machine"]}.', '', f'    {result["command"]}', '', _line(heads),
             '|' + '---|' * len(heads)]
    for row in result['rows']:
        cells = [row['row'], row['work'], row['unit'], *(_cell(row, p) for p in proxies)]
        if len(gateways) > 1:
            cells.append(_ratio(row['change']))
        cells += [row['rival'] or '–', _ratio(row['ratio']), row['target'],
                  {True: 'yes', False: '**no**', None: '–'}[row['met']]]
        lines.append(_line(cells))
    return '\n'.join(lines + [''] + result['notes']) + '\n'


def _line(cells):
    return '| ' + ' | '.join(cells) + ' |'


def _cell(row, proxy):
    figure = row['figures'].get(proxy)
    if figure is None:
        return '–'
    return f'{figure:.{row["digits"]}f}' + ('†' if proxy in row['flawed'] else '')


def _ratio(value):
    return '–' if value is None else f'{value:.2f}'


def notes(samples, loads, gateways):
    """What the figures do not say by themselves."""
    out = []
    for name, by_proxy in samples.items():
        for proxy, taken in by_proxy.items():
            count, reasons = measure.errors(taken, loads[name])
            if count:
                out.append(f'† {proxy}, {loads[name].title}: {count} errors {reasons or ""}'.rstrip() + '.')
    noise = [s['noise'] for by_proxy in samples.values() for taken in by_proxy.values() for s in taken if 'noise' in s]
    if noise:
        loud = sum(n > measure.NOISE_MAX for n in noise)
        out.append(f'Others took {100 * sum(noise) / len(noise):.0f} % of a core on average; in {loud} of {len(noise)} '
                   f'measurements it was over {100 * measure.NOISE_MAX:.0f} %.')
    if workloads.THREADS.name in samples:
        out += [_threads_note(g, samples[workloads.THREADS.name]) for g in gateways]
    return out


def _threads_note(gateway, by_run):
    one, two = by_run[f'{gateway} 1'], by_run[f'{gateway} 2']
    if not _us(one) or not _us(two):
        return f'{gateway}: threads were not measured.'

    def load_us(s):
        return 1e6 * s['load_cores'] / s['per_second'] + s['origin_us']
    rate = [measure.median(s, lambda x: x['per_second']) for s in (one, two)]
    permitted = 2e6 / (_us(one) + measure.median(one, load_us)) / rate[0]
    return (f'{gateway}: {rate[0]:.0f} requests/s on one thread, {rate[1]:.0f} on two: {rate[1] / rate[0]:.2f} ×. Load '
            f'generator and origin share the two cores with the two threads and permit {permitted:.2f} × at most. '
            f'A request takes {_us(one):.1f} µs of CPU on one thread and {_us(two):.1f} on two, so that two whole cores '
            f'would carry {2 * _us(one) / _us(two):.2f} ×.')
