"""A HiSLIP client of bare messages, for what libraries never send."""

from __future__ import annotations

import socket
import struct

HEADER = struct.Struct("!2sBBIQ")
PATIENCE = 30.0

(INITIALIZE, INITIALIZE_RESPONSE, FATAL_ERROR, ERROR, ASYNC_LOCK, ASYNC_LOCK_RESPONSE, DATA, DATA_END,
 DEVICE_CLEAR_COMPLETE, DEVICE_CLEAR_ACKNOWLEDGE, ASYNC_REMOTE_LOCAL_CONTROL, ASYNC_REMOTE_LOCAL_RESPONSE, TRIGGER,
 INTERRUPTED, ASYNC_INTERRUPTED, ASYNC_MAX_SIZE, ASYNC_MAX_SIZE_RESPONSE, ASYNC_INITIALIZE, ASYNC_INITIALIZE_RESPONSE,
 ASYNC_DEVICE_CLEAR, ASYNC_SERVICE_REQUEST, ASYNC_STATUS_QUERY, ASYNC_STATUS_RESPONSE, ASYNC_DEVICE_CLEAR_ACKNOWLEDGE,
 ASYNC_LOCK_INFO, ASYNC_LOCK_INFO_RESPONSE) = range(26)  # fmt: skip
"""Message types (IVI-6.1, table 4), written down apart from the server's."""


class Channel:
    """One connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)

    def send(self, kind, control=0, parameter=0, payload=b"", prologue=b"HS"):
        self.socket.sendall(HEADER.pack(prologue, kind, control, parameter, len(payload)) + payload)

    def receive(self):
        """(type, control code, parameter, payload), or None where the connection has ended."""
        head = self._exactly(HEADER.size)
        if head is None:
            return None
        prologue, kind, control, parameter, length = HEADER.unpack(head)
        assert prologue == b"HS"
        return kind, control, parameter, self._exactly(length)

    def ask(self, kind, control=0, parameter=0, payload=b""):
        self.send(kind, control, parameter, payload)
        return self.receive()

    def _exactly(self, count):
        data = b""
        while len(data) < count:
            try:
                part = self.socket.recv(count - len(data))
            except ConnectionResetError:
                return None
            if not part:
                return None
            data += part
        return data

    def close(self):
        self.socket.close()


class Client:
    """A session: `sync` and `asynchronous`, message ids as IVI-6.1 counts them."""

    def __init__(self, port: int, version=0x0100, sub_address=b"hislip0") -> None:
        self.sync = Channel(port)
        kind, self.features, parameter, _ = self.sync.ask(INITIALIZE, 0, version << 16 | 0x7878, sub_address)
        assert kind == INITIALIZE_RESPONSE
        self.version, self.session = parameter >> 16, parameter & 0xFFFF
        self.asynchronous = Channel(port)
        self.vendor = self.asynchronous.ask(ASYNC_INITIALIZE, 0, self.session)
        self.id = 0xFFFF_FF00

    def write(self, message: bytes, rmt=0, kind=DATA_END) -> int:
        """Send a message; its id."""
        sent, self.id = self.id, (self.id + 2) & 0xFFFF_FFFF
        self.sync.send(kind, rmt, sent, message)
        return sent

    def query(self, message: bytes, rmt=1):
        """The answer to a message, whole; also its id is right."""
        sent = self.write(message, rmt)
        answer = b""
        while True:
            kind, _, number, payload = self.sync.receive()
            assert kind in {DATA, DATA_END}, (kind, payload)
            assert number == sent
            answer += payload
            if kind == DATA_END:
                return answer

    def status(self, rmt=0) -> int:
        kind, byte, _, _ = self.asynchronous.ask(ASYNC_STATUS_QUERY, rmt, self.id)
        assert kind == ASYNC_STATUS_RESPONSE
        return byte

    def close(self):
        self.sync.close()
        self.asynchronous.close()
