#!/usr/bin/env python3
"""Writes the man page from what `voicegate --help` and each `voicegate COMMAND --help` say, so that they cannot differ.

man_page.py PROGRAM PAGE
"""
import pathlib, re, subprocess, sys

ENTRY = re.compile(r"  (\S.*?) {2,}(\S.*)")
ESCAPES = {"\\": r"\e", "-": r"\-", "'": r"\(aq", "`": r"\(ga", "^": r"\(ha", "~": r"\(ti", "…": r"\&..."}
FILES = [
    ("/etc/voicegate/voicegate.json", "the configuration that the service reads"),
    ("/usr/share/doc/voicegate/voicegate.example.json", "every key of a configuration, with its default"),
    ("/usr/share/doc/voicegate/README.md.gz", "what the gateway does, and how to put it in front of an app"),
]
SIGNALS = [
    ("SIGTERM, SIGINT", "no new work, what runs may end until drain.deadline; a second one ends it at once"),
    ("SIGHUP", "reads anew what the configuration names; what is flawed changes nothing"),
]


def said(program, *words):
    return subprocess.run([program, *words], check=True, capture_output=True, text=True).stdout


def roff(text):
    return "".join(ESCAPES.get(c, c) for c in text)


def entries(text):
    """Name and meaning of each line that help indents."""
    for line in filter(lambda line: line.startswith("  "), text.splitlines()):
        if not (entry := ENTRY.fullmatch(line)): sys.exit(f"no two columns in the help: {line!r}")
        yield entry.groups()


def tagged(pairs):
    for name, meaning in pairs:
        yield from (".TP", rf"\fB{roff(name)}\fR", roff(meaning))


def command(program, call):
    """`call` is the name with the operand behind it, which is in capitals."""
    words = [word for word in call.split() if not word.isupper()]
    text = said(program, *words, "--help")
    usage, summary = text.split("\n\n")[:2]
    yield from (f".SS {roff(' '.join(words))}", roff(summary) + ".", ".PP", rf"\fB{roff(usage.removeprefix('usage: '))}\fR")
    yield from tagged(entries(text))


def page(program):
    overview = said(program, "--help")
    title = overview.splitlines()[0].removeprefix("voicegate: ")
    calls = list(entries(overview))
    exit_codes = overview.split("exit codes: ")[1].strip().split(", ")
    yield f'.TH VOICEGATE 1 "" "{roff(said(program, "version").strip())}"'
    yield from (".SH NAME", rf"voicegate \- {roff(title)}", ".SH SYNOPSIS", r"\fBvoicegate\fR \fICOMMAND\fR \&...")
    yield ".SH COMMANDS"
    for call, _ in calls:
        yield from command(program, call)
    yield from (".SH EXIT STATUS", *tagged(code.split(" ", 1) for code in exit_codes))
    yield from (".SH SIGNALS", *tagged(SIGNALS), ".SH FILES", *tagged(FILES))


if __name__ == "__main__":
    pathlib.Path(sys.argv[2]).write_text("".join(line + "\n" for line in page(sys.argv[1])))
