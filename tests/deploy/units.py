#!/usr/bin/env python3
"""Fails when the systemd units are less than they were, or do not fit the program and its packaged configuration.

units.py DEPLOY PROGRAM
"""
import json, pathlib, shlex, subprocess, tempfile
from checks import DEPLOY, help_of, keys_for, run, understood, voicegate, without_comments

PACKAGE = DEPLOY / "package"
# What is left of ten, by `systemd-analyze security` of systemd 252: a gateway needs the network (1.0 in four rows), no root
# directory of its own (0.1, its Landlock rules do that), and ProtectClock= leaves reading the clock device (0.1).
EXPOSURE_MAX = 1.1
KINDS = ("https", "http", "admin")


def settings(unit):
    lines = [line for line in (PACKAGE / unit).read_text().splitlines() if "=" in line and not line.startswith("#")]
    for line in lines:
        name, _, value = line.partition("=")
        yield name, value


def values(unit, wanted):
    return [value for name, value in settings(unit) if name == wanted]


def the_service_is_confined_as_before():
    got = subprocess.run(["systemd-analyze", "security", "--offline=true", f"--threshold={round(EXPOSURE_MAX * 10)}",
                          "--no-pager", PACKAGE / "voicegate.service"], capture_output=True, text=True)
    if "Overall exposure level" not in got.stdout: yield f"systemd-analyze says nothing: {got.stderr}"
    if got.returncode: yield f"more than {EXPOSURE_MAX} is exposed:\n" + "\n".join(
        line for line in got.stdout.splitlines() if "✗" in line or "→" in line)


def the_service_calls_the_program_as_it_wants_to_be_called():
    for command in values("voicegate.service", "ExecStart") + values("voicegate.service", "ExecReload")[:1]:
        program, *words = shlex.split(command)
        if program != "/usr/bin/voicegate": yield f"{program} is not where the package puts it"
        yield from understood(["voicegate", *words])
    codes = values("voicegate.service", "RestartPreventExitStatus")[0].split()
    for code in codes:
        if f" {code} " not in help_of(): yield f"the help knows no exit code {code}"


def each_socket_goes_to_the_service_under_its_name():
    wanted = {f"voicegate-{kind}.socket" for kind in KINDS}
    if {file.name for file in PACKAGE.glob("*.socket")} != wanted: yield f"there must be {wanted}"
    for name in ("Sockets", "Also"):
        if set(values("voicegate.service", name)[0].split()) != wanted: yield f"{name}= must name {wanted}"
    for kind in KINDS:
        unit = f"voicegate-{kind}.socket"
        if values(unit, "FileDescriptorName") != [kind]: yield f"{unit} must be called {kind}"
        if values(unit, "Service") != ["voicegate.service"]: yield f"{unit} is not for voicegate.service"


def the_sockets_are_where_the_configuration_says():
    listen = json.loads(without_comments((PACKAGE / "voicegate.json").read_text()))["listen"]
    for kind in KINDS:
        told = listen[kind] if isinstance(listen[kind], list) else [listen[kind]]
        if values(f"voicegate-{kind}.socket", "ListenStream") != told: yield f"{kind} is not at {told}"


def the_configuration_is_accepted():
    with tempfile.TemporaryDirectory() as directory:
        there = pathlib.Path(directory)
        keys_for(there, "tls/fullchain.pem", "tls/privkey.pem")
        (there / "voicegate.json").write_text((PACKAGE / "voicegate.json").read_text())
        got = voicegate("check", "--config", there / "voicegate.json")
        if got.returncode: yield got.stderr


run(the_service_is_confined_as_before, the_service_calls_the_program_as_it_wants_to_be_called,
    each_socket_goes_to_the_service_under_its_name, the_sockets_are_where_the_configuration_says,
    the_configuration_is_accepted)
