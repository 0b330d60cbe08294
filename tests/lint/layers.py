#!/usr/bin/env python3
"""Fails when a file includes something its folder may not know. Each row says why."""
import pathlib, re, sys
ROOT = pathlib.Path(sys.argv[1])
FORBIDDEN = [  # (folder, include pattern, reason)
    ("policy",  r"boost/(asio|beast)|openssl/|gateway/|certs/", "policy is pure: no I/O, no keys, no callers"),
    ("certs",   r"boost/(asio|beast)|policy/|gateway/",         "certs knows OpenSSL and bytes only"),
    ("gateway/base",     r"openssl/|tests/", "keys live behind certs/; only wire/ drives OpenSSL"),
    ("gateway/jail",     r"openssl/|tests/|boost/(asio|beast)", "it is entered before anything runs"),
    ("gateway/upstream", r"openssl/|tests/", "keys live behind certs/; only wire/ drives OpenSSL"),
    ("gateway/relay",    r"openssl/|tests/", "keys live behind certs/; only wire/ drives OpenSSL"),
    ("gateway/session",  r"openssl/|tests/", "keys live behind certs/; only wire/ drives OpenSSL"),
    ("gateway/watch",    r"openssl/|tests/", "keys live behind certs/; only wire/ drives OpenSSL"),
    ("gateway/edge",     r"openssl/|tests/", "keys live behind certs/; only wire/ drives OpenSSL"),
    ("tests/simulator", r"gateway/|policy/|certs/",                   "the simulator must not share the gateway's bugs"),
]
BANNED = [  # (folder, code pattern, reason)
    ("gateway", r"co_await[^;]*\[[^\]&][^\]]*\]\s*(\(|mutable|->|\{)", "g++ 12 double-frees capturing lambdas inside a co_await expression: name it first"),
    ("gateway", r"parser\.get\(\)\s*,\s*tuple|async_read\([^;]*\.get\(\)", "reading into .get() drops the parser's limits"),
    ("gateway", r"\?[^;{}]*co_await[^;]*:", "clang before 16 miscompiles co_await inside ?: (llvm 59181): use if"),
    ("gateway", r"net::detached", "a detached coroutine loses its exception: use on_exit(...)"),
    ("policy",  r"(system|steady)_clock::now", "time is an argument"),
]
LEVEL = {"policy": 0, "certs": 0, "gateway/base": 1, "gateway/jail": 2, "gateway/wire": 2, "gateway/upstream": 3, "gateway/relay": 4,
         "gateway/session": 4, "gateway/watch": 4, "gateway/edge": 5, "gateway": 6}  # a file includes its own level's folder or lower ones
bad = 0
def room(path):
    return max((r for r in LEVEL if path == r or path.startswith(r + "/")), key=len, default=None)
for f in sorted(p for top in ("policy", "certs", "gateway") for p in (ROOT / top).rglob("*.[ch]pp")):
    here = room(str(f.parent.relative_to(ROOT)))
    for inc in re.findall(r'#include "([^"]+)"', f.read_text()):
        there = room(str(pathlib.PurePath(inc).parent))
        if there and there != here and LEVEL[there] >= LEVEL[here]:
            print(f"{f.relative_to(ROOT)}: includes {inc}: {there} does not stand below {here}"); bad += 1
for folder, pattern, why in FORBIDDEN + BANNED:
    for f in sorted((ROOT / folder).rglob("*.[ch]pp")):
        text = f.read_text()
        if (folder, pattern, why) in FORBIDDEN:
            text = "\n".join(l for l in text.splitlines() if l.startswith("#include"))
        for m in re.finditer(pattern, text):
            print(f"{f.relative_to(ROOT)}: {m.group(0)[:60]!r}: {why}"); bad += 1
sys.exit(bad != 0)
