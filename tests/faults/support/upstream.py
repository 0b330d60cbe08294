#!/usr/bin/env python3
"""An upstream that misbehaves as the target's query asks: upstream.py CERT KEY HOST PORT; writes its port when it serves.

reset=N       N bytes of a longer body, then RST            cut=length|chunked|close   half a body, then FIN without close_notify
bad=NAME      a malformed answer, see BAD                   slow=MS                    waits before it answers
wait=1        answers when it is sent SIGUSR1               vanish=1                   a WebSocket: FIN without a Close at the first message
last=1        answers and closes
Otherwise 200 with its own address as the body; a WebSocket echoes.
"""
import asyncio
import base64
import hashlib
import signal
import socket
import ssl
import struct
import sys
import urllib.parse

BAD = {
    'dup_length': b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\nhello',
    'length_and_chunks': b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
    'bad_chunk': b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloXX\r\nZZ\r\n',
    'bare_lf': b'HTTP/1.1 200 OK\r\nX-A: b\nX-Injected: 1\r\nContent-Length: 0\r\n\r\n',
    'huge_head': b'HTTP/1.1 200 OK\r\nX-Big: ' + b'a' * 100_000 + b'\r\nContent-Length: 0\r\n\r\n',
    'no_head': b'',
}
GUID = b'258EAFA5-E914-47DA-95CA-C5AB0DC85B11'


class Server:
    def __init__(self, host):
        self.host = host.encode()
        self.release = asyncio.Event()

    async def serve(self, reader, writer):
        try:
            while await self.serve_one(reader, writer):
                pass
        except (OSError, ssl.SSLError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    async def serve_one(self, reader, writer):
        head = await reader.readuntil(b'\r\n\r\n')
        fields = {n.strip().lower(): v.strip() for n, _, v in (line.partition(b':') for line in head.split(b'\r\n')[1:])}
        query = dict(urllib.parse.parse_qsl(head.split(b' ')[1].decode().partition('?')[2]))
        if b'sec-websocket-key' in fields:
            await self.serve_socket(reader, writer, fields, query)
            return False
        await reader.readexactly(int(fields.get(b'content-length', 0)))
        return await self.answer(writer, query)

    async def answer(self, writer, query):
        if 'slow' in query:
            await asyncio.sleep(int(query['slow']) / 1000)
        if 'wait' in query:
            await self.release.wait()
        if 'reset' in query:
            size = int(query['reset'])
            writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n' % (2 * size + 10) + b'x' * size)
            await self.cut(writer, with_reset=True)
            return False
        if 'cut' in query:
            writer.write(HALVES[query['cut']])
            await self.cut(writer)
            return False
        if 'bad' in query:
            writer.write(BAD[query['bad']])
            await writer.drain()
            return False
        last = 'last' in query
        writer.write(b'HTTP/1.1 200 OK\r\n%sContent-Length: %d\r\n\r\n' % (b'Connection: close\r\n' * last, len(self.host)))
        writer.write(self.host)
        await writer.drain()
        return not last

    async def cut(self, writer, with_reset=False):
        """Ends TCP below TLS, once what was written has left."""
        await writer.drain()
        below = writer.get_extra_info('socket')
        if with_reset:
            below.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        else:
            below.shutdown(socket.SHUT_WR)
        writer.transport.abort()

    async def serve_socket(self, reader, writer, fields, query):
        accept = base64.b64encode(hashlib.sha1(fields[b'sec-websocket-key'] + GUID).digest())
        writer.write(b'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
                     b'Sec-WebSocket-Accept: ' + accept + b'\r\n\r\n')
        await writer.drain()
        if 'vanish' in query:
            await read_frame(reader)
            writer.get_extra_info('socket').shutdown(socket.SHUT_WR)
            writer.transport.abort()
            return
        opcode = None
        while opcode != 8:
            opcode, payload = await read_frame(reader)
            writer.write(bytes([0x80 | (10 if opcode == 9 else opcode), *length_of(payload)]) + payload)
            await writer.drain()


HALVES = {
    'length': b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n' + b'y' * 500,
    'chunked': b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1f4\r\n' + b'y' * 500 + b'\r\n',
    'close': b'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n' + b'y' * 500,
}


def length_of(payload):
    return bytes([len(payload)]) if len(payload) < 126 else b'\x7e' + struct.pack('>H', len(payload))


async def read_frame(reader):
    head = await reader.readexactly(2)
    size = head[1] & 127
    if size > 125:
        size = int.from_bytes(await reader.readexactly(2 if size == 126 else 8), 'big')
    mask = await reader.readexactly(4) if head[1] & 128 else bytes(4)
    payload = await reader.readexactly(size)
    return head[0] & 15, bytes(b ^ mask[i % 4] for i, b in enumerate(payload))


async def main(chain, key, host, port):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    served = Server(host)
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, served.release.set)
    server = await asyncio.start_server(served.serve, host, int(port), ssl=context, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == '__main__':
    asyncio.run(main(*sys.argv[1:]))
