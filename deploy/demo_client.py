#!/usr/bin/env python3
"""What curl cannot show: WebSockets of the voice API with the time of each piece. Python's standard library only.

    demo_client.py tts TEXT            speak over /tts/websocket
    demo_client.py stt WAV             send a recording to /stt/websocket
    demo_client.py agent AGENT_ID      call an agent at /agents/stream/AGENT_ID
    demo_client.py session TEXT        open a session with the token, and a socket that outlives it as long as it is refreshed
    demo_client.py events curl …       run this command and read the Server-Sent Events that it prints
    demo_client.py wav FILE            say what a WAV file holds

The sockets take --url https://HOST:PORT and --ca FILE, and the access token from the variable TOKEN.
"""
import argparse
import base64
import hashlib
import http.client
import json
import os
import secrets
import socket
import ssl
import struct
import subprocess
import sys
import time
import urllib.parse
from array import array

VERSION = "2026-03-01"
VOICE = os.environ.get("CARTESIA_VOICE_ID", "694f9389-aac1-45b6-b726-9d9369183238")
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


class Refused(Exception):
    pass


class WebSocket:
    """One client connection (RFC 6455). Every wait is bounded by the socket's time-out."""

    def __init__(self, args, target, credential):
        at = urllib.parse.urlsplit(args.url)
        context = ssl.create_default_context(cafile=args.ca)
        plain = socket.create_connection((at.hostname, at.port or 443), timeout=30)
        self.stream = context.wrap_socket(plain, server_hostname=at.hostname)
        self.reader = self.stream.makefile("rb")
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        self.stream.sendall((
            f"GET {target} HTTP/1.1\r\nHost: {at.netloc}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\nCartesia-Version: {VERSION}\r\n"
            f"{credential}\r\n\r\n").encode())
        status = self.reader.readline().decode().split(" ", 2)
        fields = {}
        while (line := self.reader.readline().strip()):
            name, _, value = line.decode().partition(":")
            fields[name.lower()] = value.strip()
        if status[1:2] != ["101"]:
            raise Refused(f"{' '.join(status[1:]).strip()} {self.reader.read(int(fields.get('content-length', 0))).decode()}")
        accept = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
        if fields.get("sec-websocket-accept") != base64.b64encode(accept).decode():
            raise Refused("the handshake's answer does not belong to its question")

    def send(self, data, opcode=TEXT):
        if isinstance(data, dict):
            data = json.dumps(data)
        payload = data.encode() if isinstance(data, str) else data
        size = len(payload)
        head = bytes([0x80 | opcode])
        if size < 126:
            head += bytes([0x80 | size])
        else:
            head += struct.pack("!BH", 0x80 | 126, size) if size < 65536 else struct.pack("!BQ", 0x80 | 127, size)
        mask = secrets.token_bytes(4)
        masked = bytes(b ^ mask[i % 4] for i, b in enumerate(payload))
        self.stream.sendall(head + mask + masked)

    def frame(self):
        first, second = self.exactly(2)
        size = second & 0x7f
        if size == 126:
            size, = struct.unpack("!H", self.exactly(2))
        elif size == 127:
            size, = struct.unpack("!Q", self.exactly(8))
        return first & 0x80, first & 0x0f, self.exactly(size)

    def exactly(self, size):
        data = self.reader.read(size)
        if len(data) < size:
            raise Refused("the connection ended without a Close")
        return data

    def messages(self):
        """The messages, as objects, until the other side closes; answers pings."""
        parts = b""
        while True:
            final, opcode, payload = self.frame()
            if opcode == PING:
                self.send(payload, PONG)
            elif opcode == CLOSE:
                self.code = struct.unpack("!H", payload[:2])[0] if len(payload) >= 2 else 1005
                self.send(payload, CLOSE)
                return
            elif opcode in (0, TEXT, BINARY):
                parts += payload
                if final:
                    yield json.loads(parts)
                    parts = b""

    def close(self):
        """Ends the connection in order and returns the code with which the other side agrees."""
        self.send(struct.pack("!H", 1000), CLOSE)
        for _ in self.messages():
            pass
        return self.code


class Session:
    """A session in a cookie, as a browser has it."""

    def __init__(self, args, token):
        self.args = args
        self.cookie = ""
        self.ask("POST", "/session", {"Authorization": f"Bearer {token}"})

    def ask(self, method, path, fields={}):
        """The answer's JSON, if it has any. A cookie that comes with it replaces ours."""
        at = urllib.parse.urlsplit(self.args.url)
        context = ssl.create_default_context(cafile=self.args.ca)
        connection = http.client.HTTPSConnection(at.hostname, at.port, timeout=30, context=context)
        try:
            connection.request(method, path, headers={"X-Voicegate": "1", "Cookie": self.cookie, **fields})
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        if answer.status >= 300:
            raise Refused(f"{method} {path}: {answer.status} {body.decode()}")
        self.cookie = answer.getheader("Set-Cookie", self.cookie).split(";")[0]
        return json.loads(body) if body else {}


class Pieces:
    """Audio pieces as they come: when the first one came, how many, how long they play."""

    def __init__(self, rate):
        self.rate = rate
        self.started = time.monotonic()
        self.count = self.bytes = 0

    def take(self, data):
        if self.count == 0:
            print(f"  first audio after {1000 * (time.monotonic() - self.started):.0f} ms")
        self.count += 1
        self.bytes += len(base64.b64decode(data))

    def report(self):
        if self.count == 0:
            raise Refused("no audio came")
        print(f"  {self.count} pieces, {self.bytes / 2 / self.rate:.2f} s of audio at {self.rate} Hz, "
              f"all there after {1000 * (time.monotonic() - self.started):.0f} ms")


def fail_on_error(message):
    if message.get("type") == "error":
        raise Refused(json.dumps(message))


def bearer(token):
    return f"Authorization: Bearer {token}"


def speak(ws, text, context):
    pieces = Pieces(24000)
    ws.send({"model_id": "sonic-3", "transcript": text, "voice": {"mode": "id", "id": VOICE}, "context_id": context,
             "output_format": {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 24000}, "continue": False})
    for message in ws.messages():
        fail_on_error(message)
        if message["type"] == "chunk":
            pieces.take(message["data"])
        if message["type"] == "done":
            return pieces.report()
    raise Refused(f"the socket was closed with {ws.code}")


def tts(args, token):
    ws = WebSocket(args, "/tts/websocket", bearer(token))
    speak(ws, args.what, "demo")
    print(f"  closed with {ws.close()}")


def session(args, token):
    """A socket lives on past the token that opened it while its session is refreshed, and ends when it no longer is."""
    page = Session(args, token)
    began = time.time()
    told = page.ask("GET", "/session")
    first_end = told["expires_at"]

    def report(text):
        print(f"  after {time.time() - began:4.1f} s: {text}", flush=True)

    ws = WebSocket(args, "/tts/websocket", f"Cookie: {page.cookie}")
    report(f"the socket is open; its token is good for {first_end - began:.1f} s")
    while time.time() < first_end + 1:
        time.sleep(2)
        told = page.ask("POST", "/session/refresh")
        report(f"refreshed, good for another {told['expires_at'] - time.time():.1f} s")
    report("the token that opened the socket is over, and the socket still speaks")
    speak(ws, args.what, "outlived")
    report("no more refresh from here on")
    last = list(ws.messages())
    report(f"{json.dumps(last)}, closed with {ws.code}")
    if [message.get("error_code") for message in last] != ["token_expired"] or ws.code != 1008:
        raise Refused("expected an error event token_expired and 1008")
    if time.time() < told["stream_until"]:
        raise Refused(f"that was {told['stream_until'] - time.time():.1f} s early")


def stt(args, token):
    rate, samples = read_wav(args.what)
    query = urllib.parse.urlencode({"model": "ink-whisper", "encoding": "pcm_s16le", "sample_rate": rate, "language": "en"})
    ws = WebSocket(args, f"/stt/websocket?{query}", bearer(token))
    sound = samples.tobytes()
    for at in range(0, len(sound), rate // 5):
        ws.send(sound[at:at + rate // 5], BINARY)
    ws.send("finalize")
    ws.send("close")
    heard = ""
    for message in ws.messages():
        fail_on_error(message)
        if message["type"] == "transcript" and message.get("is_final"):
            heard += message["text"]
    if not heard:
        raise Refused("no transcript came")
    print(f"  \"{heard.strip()}\", closed with {ws.code}")


def agent(args, token):
    ws = WebSocket(args, f"/agents/stream/{args.what}", bearer(token))
    pieces = Pieces(16000)
    ws.send({"event": "start", "stream_id": "demo", "config": {"input_format": "pcm_16000"},
             "agent": {"introduction": "Hello, you have reached the gateway."}})
    for message in ws.messages():
        if message["event"] == "ack":
            print(f"  the agent answers, stream {message['stream_id']}")
        if message["event"] == "media_output":
            pieces.take(message["media"]["payload"])
            if pieces.bytes > pieces.rate:  # half a second is proof enough
                break
    pieces.report()
    print(f"  hung up with {ws.close()}")


def events(args, _):
    pieces = Pieces(24000)
    text = ""
    with subprocess.Popen(args.more, stdout=subprocess.PIPE, text=True) as curl:
        for line in curl.stdout:
            text += line
            if not line.startswith("data:"):
                continue
            event = json.loads(line[5:])
            fail_on_error(event)
            if event["type"] == "chunk":
                pieces.take(event["data"])
            if event["type"] == "done":
                return pieces.report()
    raise Refused("the events ended early: " + text[-400:])


def read_wav(name):
    """Rate and samples of a 16-bit mono WAV file; by hand, as a streamed one may not know its own length."""
    with open(name, "rb") as file:
        data = file.read()
    at = data.find(b"data", 12)
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE" or at < 0:
        raise Refused(f"{name} is no WAV file: {data[:200]!r}")
    _, channels, rate, _, _, bits = struct.unpack("<HHIIHH", data[20:36])
    if (channels, bits) != (1, 16):
        raise Refused(f"{name} is not 16-bit mono")
    end = at + 8 + (len(data) - at - 8) // 2 * 2
    return rate, array("h", data[at + 8:end])


def wav(args, _):
    rate, samples = read_wav(args.what)
    peak = max(map(abs, samples), default=0)
    print(f"  {args.what}: {len(samples) / rate:.2f} s of {rate} Hz 16-bit mono, peak {100 * peak // 32768} %")
    if len(samples) < rate // 2 or peak < 1000:
        raise Refused("that is no speech")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["tts", "stt", "agent", "session", "events", "wav"])
    parser.add_argument("what")
    parser.add_argument("--url", default="https://localhost:8443")
    parser.add_argument("--ca")
    if sys.argv[1:2] == ["events"]:  # all that follows is another program's
        args = argparse.Namespace(command="events", more=sys.argv[2:])
    else:
        args = parser.parse_args()
    commands = {"tts": tts, "stt": stt, "agent": agent, "session": session, "events": events, "wav": wav}
    try:
        commands[args.command](args, os.environ.get("TOKEN", ""))
    except (Refused, OSError, ValueError, KeyError) as problem:
        sys.exit(f"  failed: {problem}")


main()
