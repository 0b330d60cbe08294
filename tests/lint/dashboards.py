#!/usr/bin/env python3
"""Fails when deploy/grafana or README names a metric, or deploy/grafana a reason, that the gateway does not have.

usage: dashboards.py SOURCE_ROOT
"""
import json, pathlib, re, sys
ROOT = pathlib.Path(sys.argv[1])
NAME = re.compile(r"\b(?:voicegate|process)_[a-z_0-9]+\b")
SUFFIX = re.compile(r"_(bucket|sum|count)$")

def text_of(*paths):
    return "\n".join((ROOT / path).read_text() for path in paths)

sources = text_of(*(f"gateway/watch/{file}" for file in ("metrics.cpp", "metrics_singles.hpp")))
known = set(re.findall(r'"((?:voicegate|process)_[a-z_0-9]+)"', sources))
histograms = set(re.findall(r'"(\w+)",\s*"histogram"', sources))
reasons = set(re.findall(r'"([a-z_]+)"', text_of("gateway/base/reply_names.cpp", "policy/denial.cpp")))

bad = []
def check(where, text):
    for name in sorted(set(NAME.findall(text))):
        if name not in known and SUFFIX.sub("", name) not in histograms: bad.append(f"{where}: there is no metric {name}")
    for matcher in re.findall(r'reason=~?\\?"([^"\\]+)', text):
        for reason in matcher.split("|"):
            if reason not in reasons: bad.append(f"{where}: there is no reason {reason}")

board = json.loads((ROOT / "deploy/grafana/dashboard.json").read_text())
asked = [target["expr"] for panel in board["panels"] for target in panel.get("targets", [])]
if len(asked) < 20 or len(known) < 40: bad.append("the dashboard or the sources are not read as they are meant")
check("deploy/grafana/dashboard.json", "\n".join(asked))
check("deploy/grafana/alerts.yaml", text_of("deploy/grafana/alerts.yaml"))
check("README.md", text_of("README.md"))
if bad: print("\n".join(bad))
sys.exit(bool(bad))
