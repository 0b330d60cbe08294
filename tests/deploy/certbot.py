#!/usr/bin/env python3
"""certbot's hook, with the real `voicegate check`; who serves and systemd are played. certbot.py DEPLOY PROGRAM"""
import os, pathlib, subprocess, tempfile
from checks import DEPLOY, PROGRAM, keys_for, run, voicegate

NAMES = {"localhost.pem": "fullchain.pem", "localhost.key": "privkey.pem"}
PLAYED = {
    "voicegate": f'exec {PROGRAM} "$@"',
    "runuser": 'while [ "$1" != -- ]; do shift; done; shift; exec "$@"',
    "install": 'exec /usr/bin/install -m "$2" "$5" "$6"',  # there is no group voicegate
    "systemctl": 'echo "$@" >>"$CALLS"',
}


class place:
    """An installed configuration, and a certificate that certbot has just renewed."""

    def __init__(self, directory):
        self.there = pathlib.Path(directory)
        self.calls, self.new = self.there / "calls", self.there / "live"
        keys_for(self.there, "tls/fullchain.pem", "tls/privkey.pem")
        (self.there / "voicegate.json").write_text((DEPLOY / "package/voicegate.json").read_text())
        voicegate("certs", "dev", self.new).check_returncode()
        for made, name in NAMES.items(): (self.new / made).rename(self.new / name)
        for name, text in PLAYED.items():
            (self.there / "bin").mkdir(exist_ok=True)
            (self.there / "bin" / name).write_text(f"#!/bin/sh\n{text}\n")
            (self.there / "bin" / name).chmod(0o755)

    def hook(self, **more):
        environment = {"PATH": f"{self.there}/bin:{os.environ['PATH']}", "CALLS": str(self.calls),
                       "RENEWED_LINEAGE": str(self.new), "VOICEGATE_CONFIG": str(self.there / "voicegate.json"),
                       "VOICEGATE_TLS": str(self.there / "tls"), **more}
        return subprocess.run([DEPLOY / "package/certbot_hook"], env=environment, capture_output=True, text=True)

    def served(self):
        return [(self.there / "tls" / name).read_text() for name in NAMES.values()]

    def renewed(self):
        return [(self.new / name).read_text() for name in NAMES.values()]

    def told(self):
        return self.calls.read_text().splitlines() if self.calls.exists() else []


def a_good_pair_is_put_in_force():
    with tempfile.TemporaryDirectory() as directory:
        at = place(directory)
        got = at.hook()
        if got.returncode: yield got.stderr
        if at.served() != at.renewed(): yield "it is not in place"
        if at.told() != ["try-reload-or-restart voicegate.service"]: yield f"systemd heard {at.told()}"
        if (mode := (at.there / "tls/privkey.pem").stat().st_mode & 0o777) != 0o640: yield f"the key has mode {mode:o}"
        if left := [file.name for file in (at.there / "tls").iterdir() if file.name not in NAMES.values()]: yield f"{left} stay"


def a_pair_that_does_not_fit_is_taken_back():
    with tempfile.TemporaryDirectory() as directory:
        at = place(directory)
        before = at.served()
        (at.new / "privkey.pem").write_text(before[1])
        got = at.hook()
        if got.returncode != 1 or "was not taken" not in got.stderr: yield f"it ended with {got.returncode}: {got.stderr}"
        if at.served() != before: yield "what was served is gone"
        if at.told(): yield f"systemd heard {at.told()}"


def another_certificate_concerns_it_not():
    with tempfile.TemporaryDirectory() as directory:
        at = place(directory)
        before = at.served()
        got = at.hook(VOICEGATE_LINEAGE="/etc/letsencrypt/live/other.example.com")
        if got.returncode or at.served() != before or at.told(): yield "it did something"


run(a_good_pair_is_put_in_force, a_pair_that_does_not_fit_is_taken_back, another_certificate_concerns_it_not)
