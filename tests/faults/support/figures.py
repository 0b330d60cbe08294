"""What a row finds: a name, a value, the bound it is held to, and whether it keeps it."""
import dataclasses
import statistics


@dataclasses.dataclass(frozen=True)
class Figure:
    name: str
    value: str
    bound: str = ''
    good: bool = True


def _text(value):
    if isinstance(value, bool):
        return 'yes' if value else 'no'
    return f'{value:,.1f}' if isinstance(value, float) else f'{value:,}' if isinstance(value, int) else str(value)


def at_most(name, value, bound, unit=''):
    return Figure(name, f'{_text(value)} {unit}'.strip(), f'≤ {_text(bound)} {unit}'.strip(), value <= bound)


def at_least(name, value, bound, unit=''):
    return Figure(name, f'{_text(value)} {unit}'.strip(), f'≥ {_text(bound)} {unit}'.strip(), value >= bound)


def exactly(name, value, wanted):
    return Figure(name, _text(value), _text(wanted), value == wanted)


def told(name, value, unit=''):
    return Figure(name, f'{_text(value)} {unit}'.strip())


def percentile(values, share):
    """The least value that `share` of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def median(values):
    return statistics.median(values)
