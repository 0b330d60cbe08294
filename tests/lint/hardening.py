#!/usr/bin/env python3
"""Fails when the program of a release build lacks what hinders attacks on its memory. Reads it with readelf.

hardening.py PROGRAM BUILD_DIRECTORY. Each check is a function that gives the flaws it finds.
"""
import json, os, pathlib, re, subprocess, sys

OBJECT = re.compile(r" -o ((?:policy|certs|gateway)/CMakeFiles/\S+)")
FLAGS = ("-O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -D_GLIBCXX_ASSERTIONS -fstack-protector-strong "
         "-fstack-clash-protection -fcf-protection=full").split()


def readelf(file, *what):
    return subprocess.run(["readelf", "-W", *what, file], env={**os.environ, "LC_ALL": "C"}, check=True,
                          capture_output=True, text=True).stdout


def it_lies_where_no_one_knows(program, _):
    if not re.search(r"Type:\s+DYN", readelf(program, "-h")): yield "it is not position-independent"
    if not re.search(r"\(FLAGS_1\).*\bPIE\b", readelf(program, "-d")): yield "it is not marked as PIE"


def its_relocations_are_read_only(program, _):
    if "GNU_RELRO" not in readelf(program, "-l"): yield "it has no segment GNU_RELRO"
    if not re.search(r"\(FLAGS\).*\bBIND_NOW\b", readelf(program, "-d")): yield "symbols are bound late, so RELRO is partial"


def nothing_is_writable_and_executable(program, _):
    segments = re.findall(r"^ +([A-Z_]+) .* ([R ][W ][E ]) 0x\w+$", readelf(program, "-l"), re.M)
    if "GNU_STACK" not in dict(segments): yield "nothing says that the stack is not executable"
    for name, rights in segments:
        if rights[1:] == "WE": yield f"{name} is writable and executable"


def its_libraries_are_the_systems(program, _):
    yield from re.findall(r"\((?:RPATH|RUNPATH)\).*", readelf(program, "-d"))


def its_stack_is_guarded(program, _):
    if "__stack_chk_fail" not in readelf(program, "--dyn-syms"): yield "no function checks its stack"


def its_copies_are_bounded(program, _):
    if "__memcpy_chk" not in readelf(program, "--dyn-syms"): yield "the C library's checking functions are not called"


def its_returns_and_jumps_are_guarded(program, objects):
    """Debian's C start-up files have no landing pads, so the program as a whole is marked for the shadow stack alone."""
    if "SHSTK" not in readelf(program, "-n"): yield "it is not marked for the shadow stack"
    for one in objects:
        if "IBT, SHSTK" not in readelf(one, "-n"): yield f"{one} is not marked for IBT and the shadow stack"


def it_is_built_as_asked(_, objects):
    for one, command in objects.items():
        if missing := [flag for flag in FLAGS if flag not in command]: yield f"{one} is built without {' '.join(missing)}"


CHECKS = [it_lies_where_no_one_knows, its_relocations_are_read_only, nothing_is_writable_and_executable,
          its_libraries_are_the_systems, its_stack_is_guarded, its_copies_are_bounded,
          its_returns_and_jumps_are_guarded, it_is_built_as_asked]


def main(program, build):
    commands = json.loads((build / "compile_commands.json").read_text())
    objects = {build / found[1]: c["command"].split() for c in commands if (found := OBJECT.search(c["command"]))}
    flaws = [f"{check.__name__}: {flaw}" for check in CHECKS for flaw in check(program, objects)]
    if len(objects) < 100: flaws.append(f"only {len(objects)} objects of ours were found")
    print("\n".join(flaws) or f"{program} and {len(objects)} objects are as they should be")
    return bool(flaws)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], pathlib.Path(sys.argv[2])))
