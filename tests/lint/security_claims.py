#!/usr/bin/env python3
"""Fails when deploy/SECURITY.md names a test that does not exist, or when a row of its tables names none.

A claim cites a ctest program and its cases (of a script, its functions), `wire: case_a, case_b` or `clients.page: a
title`, a row of tests/faults, `faults: drain`, or rows of a corpus in tests/data by id or class, `http1_raw: f-cl-*`. What
has no test says so: **not covered**.
"""
import fnmatch, json, pathlib, re, sys
ROOT = pathlib.Path(sys.argv[1])
DOCUMENT = ROOT / "deploy/SECURITY.md"
PREFIX = {"unit_test": "", "add_test": "", "add_end_to_end_test": "end_to_end.", "add_client_test": "clients."}
PROGRAM = re.compile(r"\b(%s)\(\s*(?:NAME\s+)?([\w.]+)\s([^)]*)\)" % "|".join(PREFIX))
CASE = re.compile(r"BOOST_(?:DATA_TEST_CASE_F\(\s*\w+,|(?:AUTO|DATA|FIXTURE)_TEST_CASE\()\s*(\w+)")
TITLE = re.compile(r"\btest\((['\"`])(.*?)(?<!\\)\1")
CITATION = re.compile(r"`([a-z][\w.]*): ([^`]+)`")
NAMES = re.compile(r"[\w*-]+(, [\w*-]+)*")

def cases_in(file):
    text = file.read_text()
    if file.suffix == ".cpp": return CASE.findall(text)
    if file.suffix == ".py": return re.findall(r"^def (\w+)", text, re.M)
    return [re.sub(r"\$\{.*?\}", "*", title).replace("\\", "") for _, title in TITLE.findall(text)]

def programs():
    """What each test of ctest holds, by the sources that CMakeLists.txt gives it; and the corpora."""
    all = {}
    for list_file in (ROOT / "tests").rglob("CMakeLists.txt"):
        if "node_modules" in list_file.parts: continue
        for command, name, rest in PROGRAM.findall(list_file.read_text()):
            sources = re.findall(r"[\w./-]+\.(?:cpp|mjs|cjs|py)\b", rest.replace("${CMAKE_CURRENT_SOURCE_DIR}/", ""))
            all[PREFIX[command] + name] = [c for s in sources for c in cases_in(list_file.parent / s)]
    all["faults"] = (ROOT / "tests/faults/rows").read_text().split()
    for corpus in (ROOT / "tests/data").glob("*.jsonl"):
        rows = map(json.loads, filter(str.strip, corpus.read_text().splitlines()))
        all[corpus.stem] = [name for row in rows for name in (row.get("id"), row.get("class")) if isinstance(name, str)]
    return all

def flaws(text):
    known = programs()
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        cited = CITATION.findall(line)
        for program, names in cited:
            if program not in known: yield number, f"there is no test program or corpus called {program}"
            for name in names.split(", ") if NAMES.fullmatch(names) else [names]:
                is_it = lambda case: fnmatch.fnmatchcase(case, name) or fnmatch.fnmatchcase(name, case)
                if program in known and not any(map(is_it, known[program])):
                    yield number, f"{program} has no case called {name!r}: rename the claim's test, or drop the claim"
        below_head = line.startswith("|") and number > 2 and lines[number - 2].startswith("|") and not line.startswith("|---")
        if below_head and not cited and "**not covered**" not in line:
            yield number, "this row names no test; name one, or say **not covered** and what is missing"

found = list(flaws(DOCUMENT.read_text()))
for number, flaw in found:
    print(f"{DOCUMENT.relative_to(ROOT)}:{number}: {flaw}")
sys.exit(bool(found))
