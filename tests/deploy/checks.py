"""What the tests of deploy/ share. Each check is a function that gives the flaws it finds."""
import pathlib, re, subprocess, sys

DEPLOY, PROGRAM = pathlib.Path(sys.argv[1]), sys.argv[2]


def voicegate(*words):
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True)


def help_of(*command):
    return voicegate(*command, "--help").stdout


def without_comments(text):
    """Of a configuration: plain JSON. No string in those of deploy/ has // in it but behind a colon."""
    return re.sub(r",(\s*[}\]])", r"\1", re.sub(r"(?<!:)//.*", "", text))


def keys_for(directory, chain="tls/tls.crt", key="tls/tls.key"):
    """Puts what a configuration of deploy/ names beside it: a certificate, and keys that nobody uses."""
    voicegate("certs", "dev", directory / "dev").check_returncode()
    for name, made in ((chain, "localhost.pem"), (key, "localhost.key")):
        (directory / name).parent.mkdir(exist_ok=True)
        (directory / "dev" / made).rename(directory / name)
    voicegate("keygen", "tokens", directory / "tokens.json").check_returncode()
    (directory / "api.key").touch(0o640)
    (directory / "api.key").write_text("sk_car_nobodys\n")


def understood(words):
    """Flaws of a call of the program, `voicegate` in front: each option must be one that its help knows."""
    if words[:1] != ["voicegate"]: yield f"{words} does not call voicegate"
    known = help_of(words[1])
    for word in words[2:]:
        if word.startswith("--") and f"  {word}" not in known: yield f"voicegate {words[1]} knows no {word}"


def run(*checks):
    flaws = [f"{check.__name__}: {flaw}" for check in checks for flaw in check()]
    print("\n".join(flaws))
    sys.exit(bool(flaws))
