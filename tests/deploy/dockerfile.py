"""Reads a Dockerfile as plain as ours: no variables, no here-documents."""
import re


def instructions(text):
    """Name and rest of each, in one line."""
    plain = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", text, flags=re.M))
    return [tuple(line.split(" ", 1)) for line in plain.splitlines() if line]


def stages(text):
    out = []
    for name, rest in instructions(text):
        if name == "FROM": out.append([])
        out[-1].append((name, rest))
    return out


def all_of(stage, wanted):
    return [rest for name, rest in stage if name == wanted]
