#!/usr/bin/env python3
"""Fails when the manual page leaves out something of the program's help, or tells of what is not there.

manual.py DEPLOY PROGRAM
"""
import re, subprocess, tempfile
from checks import DEPLOY, PROGRAM, help_of, run

ESCAPED = {r"\e": "\\", r"\-": "-", r"\(aq": "'", r"\(ga": "`", r"\(ha": "^", r"\(ti": "~", r"\&": "", r"\fB": "", r"\fI": "",
           r"\fR": ""}


def words(text):
    return " ".join(text.split())


def page():
    """As a reader sees it, but for the line breaks."""
    with tempfile.NamedTemporaryFile("r") as made:
        subprocess.run([DEPLOY / "package/man_page.py", PROGRAM, made.name], check=True)
        text = re.sub(r"^\.[A-Z]+ ?", "", made.read(), flags=re.M)
    return words(re.sub(r"\\(?:\(..|f.|.)", lambda found: ESCAPED[found[0]], text).replace("...", "…"))


def commands():
    return [[word for word in line.split("  ")[1].split() if not word.isupper()]
            for line in help_of().splitlines() if line.startswith("  ")]


PAGE = page()


def each_line_of_the_help_is_in_the_manual():
    overview = [line for line in help_of().splitlines() if line.startswith("  ")]
    if len(overview) < 5: yield "the help tells of no commands"
    for command in commands():
        usage, summary, *options = filter(None, help_of(*command).splitlines())
        for line in (usage.removeprefix("usage: "), summary, *options):
            if words(line) not in PAGE: yield f"{' '.join(command)}: {line.strip()!r} is not there"


def no_option_is_in_the_manual_alone():
    known = set(re.findall(r"--[a-z-]+", "\n".join(help_of(*command) for command in commands())))
    yield from (f"{option} is no option" for option in set(re.findall(r"(?<!\S)--[a-z-]+", PAGE)) - known)


run(each_line_of_the_help_is_in_the_manual, no_option_is_in_the_manual_alone)
