"""A name server for one name: answers with `address`, or fails while that is None."""
import socket
import struct
import threading

_SERVFAIL, _TYPE_A = 2, 1


class NameServer:
    def __init__(self, host, ttl):
        self.address, self.asked, self._ttl = None, 0, ttl
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((host, 53))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            query, whence = self._socket.recvfrom(512)
            self._socket.sendto(self._answer(query), whence)

    def _answer(self, query):
        end = query.index(b'\0', 12) + 5
        question, kind = query[12:end], struct.unpack('>H', query[end - 4:end - 2])[0]
        address, self.asked = self.address, self.asked + 1
        found = b''
        if address and kind == _TYPE_A:
            found = struct.pack('>HHHLH', 0xc00c, _TYPE_A, 1, self._ttl, 4) + socket.inet_aton(address)
        flags = 0x8180 | (0 if address else _SERVFAIL)
        return query[:2] + struct.pack('>HHHHH', flags, 1, bool(found), 0, 0) + question + found
