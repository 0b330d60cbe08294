#!/usr/bin/env python3
"""Writes what each fuzz target starts from: DIRECTORY/TARGET/NAME, one file a seed.

usage: seeds.py SOURCE_ROOT DIRECTORY

Most come from the corpora in tests/data and from the texts in the unit tests; what stands here are the few forms
that neither has. tests/data/fuzz.jsonl, where it exists, holds what fuzzing found: its rows go to their target as they are.
"""
import base64, hashlib, json, pathlib, re, shutil, ssl, struct, sys

ROOT, OUT = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])

def rows(name):
    path = ROOT / "tests/data" / name
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()] if path.exists() else []

def bytes_of(text): return text if isinstance(text, bytes) else text.encode()

def add(target, seed, name=None):
    seed = bytes_of(seed)
    (OUT / target / (name or hashlib.sha1(seed).hexdigest()[:12])).write_bytes(seed)

def raw_strings(*files):
    """Every R"(…)" in the sources of the unit tests."""
    for file in files:
        yield from re.findall(r'R"\((.*?)\)"', (ROOT / "tests" / file).read_text(), re.S)

def requests():
    for row in rows("http1_raw.jsonl"):
        raw = base64.b64decode(row["raw_b64"]).replace(b"@@HOSTUPPER@@", b"VOICE.EXAMPLE").replace(b"@@HOST@@", b"voice.example")
        add("forward", raw, row["id"])
        add("request", raw.replace(b"@@AUTH@@", b"Authorization: Bearer t\r\n"), row["id"])
        head, _, body = raw.partition(b"\r\n\r\n")
        if body and b"chunked" in head.lower(): add("body", b"c" + body, row["id"])
    websocket = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    for row in rows("paths.jsonl"):
        target = base64.b64decode(row["target_b64"])
        start = row["method"].encode() + b" " + target + b" HTTP/1.1\r\nHost: voice.example\r\n"
        add("forward", start + (websocket if row["ws"] else "").encode() + b"@@AUTH@@X-A: b\r\nX_B: c\r\n\r\n", "path-" + row["id"])
        methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
        method = methods.index(row["method"]) if row["method"] in methods else 7
        add("target", bytes([method | (8 if row["ws"] else 0)]) + target, row["id"])
    for query in ("?access_token=@@TOK@@", "?a=b&api_key=@@TOK@@&c", "?acc%65ss_token=x&%61pi_key=@@TOK@@"):
        add("forward", "GET /tts/websocket" + query + " HTTP/1.1\r\nHost: voice.example\r\n" + websocket + "\r\n")
        add("target", b"\x08/tts/websocket" + query.encode())
    add("forward", "POST /tts/bytes HTTP/1.1\r\nHost: voice.example\r\nCookie: a=b; __Host-cartesia_token=@@TOK@@\r\n"
                   "Origin: https://page.example\r\nConnection: close, x-a\r\nX-A: b\r\nExpect: 100-continue\r\n"
                   "X-Forwarded-For: 1.2.3.4\r\nTransfer-Encoding: chunked\r\n\r\n")
    for body in (b'c5;a="b\\"c";d\r\nhello\r\n0\r\nX-T: a\r\n\r\n', b"c00000000000000a\r\n0123456789\r\n0\r\n\r\n", b"2abcdef", b"uabc"):
        add("body", body)

def responses():
    key = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
    for text in (
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nDate: x\r\nVia: 1.0 a\r\nServer: s\r\n\r\nhi",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n2\r\nhi\r\n0\r\nX-T: a\r\n\r\n",
        "HTTP/1.1 200\r\nContent-Type: text/event-stream\r\nX-Request-Id: r\r\n\r\ndata: a\n\n",
        "HTTP/1.0 404 Not Found\r\nConnection: keep-alive, X-A\r\nX-A: b\r\nKeep-Alive: timeout=5\r\nSet-Cookie: a=b\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\nContent-Length: 7\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\nContent-Length: 7\r\n\r\n",
        "HTTP/1.1 401 No\r\nWWW-Authenticate: Bearer\r\nAccess-Control-Allow-Origin: *\r\nStrict-Transport-Security: max-age=1\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" + key + "\r\n",
        "HTTP/1.1 101 x\r\nconnection: a, UPGRADE\r\nupgrade: WebSocket\r\n" + key + "Sec-WebSocket-Protocol: a\r\nDate: d\r\nX-Request-Id: r\r\n\r\n",
        "HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" + key + "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nhi", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\nC: d\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n C\r\n\r\n", "HTTP/2 200 OK\r\n\r\n"):
        add("response", text)
        add("answer", text)

def frame(first, payload=b"", mask=None, form=None):
    form = form or (1 if len(payload) < 126 else 2 if len(payload) < 65536 else 8)
    length = bytes([len(payload)]) if form == 1 else b"\x7e" + struct.pack(">H", len(payload)) if form == 2 else b"\x7f" + struct.pack(">Q", len(payload))
    if mask is None: return bytes([first]) + length + payload
    masked = bytes(b ^ mask[i % 4] for i, b in enumerate(payload))
    return bytes([first, length[0] | 0x80]) + length[1:] + mask + masked

def frames():
    close = b"\x03\xe8" + "fin ü €".encode()
    for mask in (b"\x00\x00\x00\x00", b"\x01\x80\x7f\xff", None):
        for limits in (0, 2):
            first = bytes([limits | (mask is None)])
            f = lambda *a, **k: frame(*a, mask=mask, **k)
            for seed in (
                f(0x81, b"hello") + f(0x82, b"x" * 30) + f(0x88, close) + f(0x81, b"late"),
                f(0x01, b"he") + f(0x89, b"ping") + f(0x00, b"l") + f(0x80, b"lo") + f(0x8a) + f(0x88),
                f(0x82, b"y" * 130) + f(0x82, b"z" * 70000) + f(0x88, b"\x0f\xa0"),
                f(0x81, b"short", form=2), f(0x81, b"short", form=8), f(0x88, b"\x03\xed"), f(0x88, b"\x03"), f(0x88, b"\x03\xe8\xc0\x80"),
                f(0xc1, b"rsv"), f(0x83, b"opcode"), f(0x09, b"fragment"), f(0x80, b"no start"), f(0x01) + f(0x81), f(0x89, b"p" * 126)):
                add("frames", first + seed)

def tokens():
    for row in rows("cookies.jsonl"):
        add("cookie", b"\n".join(base64.b64decode(c).replace(b"@@TOK@@", b"tok.en-1_") for c in row["cookie_b64"]), row["id"])
    claims = '{"jti":"j","sid":"s","sub":"u\\u00fc","grants":["tts","agent"],"iat":1744749554,"nbf":1744749550,"exp":1744749614,"stream_until":1744749714,"session_until":1744749914,"authorized_at":1744749554}'
    for text in (claims, claims.replace('"agent"', '"tts"'), claims.replace('"jti"', '"x"'), claims + " ", claims.replace("1744749614", "1e9"), "{}"):
        add("sealed_token", "s" + text)
    for text in ("@@TOK@@", "@@TOK@@=", "@@TOK@@A", "A@@TOK@@", "@@TOK@@.@@TOK@@", ""):
        add("sealed_token", "r" + text)
        add("signed_token", "r" + text)
    for edit in (b"\x00\x00\x05A", b"\x01\x00\x50A", b"\x02\x00\x50A", b"\x03\x00\x50A", b"\x04\x00\x50A", b""):
        for first in "ec": add("sealed_token", first.encode() + edit)
        add("signed_token", b"e" + edit)
    header = '{"alg":"HS256","typ":"JWT","kid":"app-1"}'
    payload = '{"iss":"https://app.example","aud":["x","voice"],"sub":"u","jti":"j","sid":"s","iat":1744749554,"nbf":1744749550,"exp":1744749614,"grants":{"tts":true,"stt":false,"other":1}}'
    for text in (payload, payload.replace('["x","voice"]', '"voice"'), payload.replace('"jti":"j",', ""), payload.replace("https://app.example", "https://api.cartesia.ai")):
        for first in "sc": add("signed_token", first + header + "\n" + text)
    add("signed_token", "s" + header.replace('"typ"', '"crit":["b64"],"typ"') + "\n" + payload)
    for row in rows("wycheproof_jws.jsonl") + rows("wycheproof_jwe.jsonl"):
        for member in ("jws", "jwe"):
            if member in row: add("signed_token", "r" + row[member])
    for row in rows("wycheproof_jws.jsonl") + rows("wycheproof_jwk.jsonl"):
        if "key" in row: add("key_set", json.dumps({"keys": [row["key"]]}))
        if "set" in row: add("key_set", json.dumps(row["set"]))
    add("key_set", '{"keys":[{"kty":"oct","alg":"A256GCM","kid":"k1","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","nbf":1,"exp":2}]}')
    for text in (claims, header, payload, '{"a":[{"b":[1,-2,3.5,null,true]}],"\\u0061":"\\ud83d\\ude00"}', '[1,{"a":{}}]', '{"a":1,"a":2} ', "{} {}", "AQID", "_-8", "QQ=="):
        add("json", text)

def texts():
    add("configuration", (ROOT / "deploy/voicegate.example.json").read_text(), "example")
    for text in raw_strings("gateway/base/config_test.cpp", "gateway/base/config_errors_test.cpp"):
        add("configuration", text)
        add("json", text)
    for text in raw_strings("certs/key_set_test.cpp", "certs/signature_keys_test.cpp"): add("key_set", text)
    for text in raw_strings("gateway/session/own_body_test.cpp", "gateway/session/revoke_body_test.cpp"):
        for first in "mahr": add("own_body", first + text)
    for text in ('h{"code":"abc"}', "hcode=abc&x=y", 'a{"subject":"u","grants":{"tts":true},"expires_in":5,"stream_max":9,"limits":{}}',
                 'm{"grants":{"tts":true},"expires_in":60,"subject":"u","handoff":true}', 'r{"sub":"u","until":1844749600,"reason":"x","block":true}'):
        add("own_body", text)
    for text in (b"\x08user-123/tts/bytes\x1b[31m\r\n\"\\\x00\xff", b"\x27" + bytes(range(256)), b"\x00abcdefghi"): add("log_line", text)

def hellos():
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    try: context.wrap_bio(incoming, outgoing, server_hostname="localhost").do_handshake()
    except ssl.SSLWantReadError: pass
    hello = outgoing.read()
    alert, http = b"\x15\x03\x03\x00\x02\x02\x28", b"GET / HTTP/1.1\r\n\r\n"
    for first in b"01":
        for seed in (hello, hello[:50], hello + alert, hello * 2, alert, http, b"\x80\x2e\x01\x03\x01\x00\x15\x00\x00\x00\x10", b"\x16\x03\x03\xff\xff" + b"a" * 100, b""):
            add("tls", bytes([first]) + seed)

def proxies():
    hello = b"\x16\x03\x01\x02\x00\x01"
    for line in ("TCP4 192.0.2.7 10.0.0.1 56789 443", "TCP6 2001:db8::7 ::ffff:10.0.0.1 1 65535", "UNKNOWN", "UNKNOWN " + "x" * 91,
                 "UNKNOWN " + "x" * 92, "TCP4 192.0.2.07 10.0.0.1 1 2", "TCP4 ::1 ::1 1 2", "TCP4 192.0.2.7 10.0.0.1 01 65536"):
        add("proxy_header", b"PROXY " + line.encode() + b"\r\n" + hello)
    v4, v6 = bytes([192, 0, 2, 7, 10, 0, 0, 1, 221, 213, 1, 187]), bytes(range(36))
    for command, family, payload in ((0x21, 0x11, v4), (0x21, 0x21, v6), (0x21, 0x11, v4 + b"\x03\x00\x04nope"), (0x20, 0, b""), (0x21, 0, v4),
                                     (0x21, 0x31, b"/" * 216), (0x21, 0x12, v4), (0x21, 0x11, v4[1:]), (0x22, 0x11, v4), (0x11, 0x11, v4)):
        add("proxy_header", b"\r\n\r\n\0\r\nQUIT\n" + struct.pack(">BBH", command, family, len(payload)) + payload + hello)
    add("proxy_header", b"\r\n\r\n\0\r\nQUIT\n\x21\x11\xff\xff")
    source = (ROOT / "tests/gateway/wire/forwarded_test.cpp").read_text()
    for value in re.findall(r'row\{"((?:[^"\\]|\\.)*)"', source):
        for first in "01": add("forwarded", first + value.encode().decode("unicode_escape"))
    for first in "01": add("forwarded", first + 'for=6.6.6.6, for="[2001:db8::7]:99"\n10.1.1.1, unknown\n')

shutil.rmtree(OUT, ignore_errors=True)
for name in ("answer body configuration cookie forward forwarded frames json key_set log_line own_body proxy_header request "
             "response sealed_token signed_token target tls").split():
    (OUT / name).mkdir(parents=True)
for part in (requests, responses, frames, tokens, texts, hellos, proxies): part()
for row in rows("fuzz.jsonl"): add(row["target"], base64.b64decode(row["bytes_b64"]), row["id"])
