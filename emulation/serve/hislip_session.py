"""One HiSLIP session: program messages and answers with their numbers, clear, status, service request, locks."""

from __future__ import annotations

import asyncio
import struct
from collections import deque
from typing import Protocol

from emulation.bench import ScpiDevice
from emulation.pace import Pace
from emulation.serve.hislip_locks import Locks
from emulation.serve.hislip_messages import HEADER, PAYLOAD_MAX, Fatal, Kind, Message, Mistake
from emulation.serve.scpi_device import converse, send
from harness.units import MS

VENDOR = b"\0\0CH"
"""Of the server, told in AsyncInitializeResponse; two letters as IVI registers them."""
CLIENT_SIZE = 1 << 20
"""Bytes of a message that a client takes which has not said so yet."""
RMT_DELIVERED = 1
"""Bit of a control code: the client's application has read the last answer to its end."""
REMOTE_LOCAL_MAX = 6
"""Highest control code of AsyncRemoteLocalControl."""


class Host(Protocol):
    """What a session needs of its server."""

    pace: Pace
    device: ScpiDevice
    locks: Locks


class Session:
    """A client with both its connections."""

    def __init__(self, host: Host, number: int, writer: asyncio.StreamWriter) -> None:
        self.number = number
        self._host = host
        self._sync = writer
        self._async: asyncio.StreamWriter | None = None
        self._talk = converse(host.pace.world, host.device, self._answer, self._interrupted)
        self._part = bytearray()
        self._last = 0
        self._clearing = False
        self._client_size = CLIENT_SIZE
        self._held: deque[Message] = deque()

    def join(self, writer: asyncio.StreamWriter) -> bool:
        """The asynchronous connection; False where there is one already."""
        if self._async is not None:
            return False
        self._async = writer
        self._tell(Message(Kind.ASYNC_INITIALIZE_RESPONSE, 0, int.from_bytes(VENDOR, "big")))
        return True

    def close(self) -> None:
        """Both connections end; what was still to come is lost."""
        with self._host.pace.acting():
            self._talk.close()
        for writer in (self._sync, self._async):
            if writer is not None:
                writer.close()

    # Synchronous channel

    def synchronous(self, message: Message) -> None:
        """A message of the synchronous connection."""
        if self._async is None:
            self._fail(Fatal.NOT_BOTH_CHANNELS, "the asynchronous channel is not there yet")
        elif message.kind == Kind.DEVICE_CLEAR_COMPLETE:
            self._cleared()
        elif message.kind in {Kind.FATAL_ERROR, Kind.ERROR}:
            if message.kind == Kind.FATAL_ERROR:
                self._sync.close()
        elif self._clearing:
            pass  # what was sent before the clear has nobody who would answer it
        elif message.kind not in {Kind.DATA, Kind.DATA_END, Kind.TRIGGER}:
            self._refuse(self._sync, message)
        elif self._held or not self._host.locks.allows(self):
            self._held.append(message)
        else:
            self._take(message)

    def backlog(self) -> int:
        """Messages that wait for their turn."""
        return self._talk.backlog + len(self._held)

    def unlocked(self) -> None:
        """Locks have changed: what waited for them goes on."""
        while self._held and self._host.locks.allows(self):
            self._take(self._held.popleft())

    def _take(self, message: Message) -> None:
        with self._host.pace.acting():
            if message.control & RMT_DELIVERED:
                self._talk.unread = False
            self._last = message.parameter
            if not self._part:
                self._talk.interrupt()
            if message.kind == Kind.TRIGGER:
                self._talk.write(b"*TRG\n", message.parameter)
                return
            self._part += message.payload
            if message.kind == Kind.DATA_END:
                program, self._part = bytes(self._part), bytearray()
                self._talk.write(program, message.parameter)

    def _answer(self) -> None:
        """An answer is there: send it, in messages as large as the client takes."""
        answer = bytes(self._talk.output())
        self._talk.output().clear()
        self._talk.unread = True
        size = max(1, self._client_size - HEADER.size)
        for start in range(0, len(answer), size):
            kind = Kind.DATA_END if start + size >= len(answer) else Kind.DATA
            send(self._sync, Message(kind, 0, self._talk.answered, answer[start : start + size]).pack())

    def _interrupted(self) -> None:
        self._sync.write(Message(Kind.INTERRUPTED, 0, self._last).pack())
        self._tell(Message(Kind.ASYNC_INTERRUPTED, 0, self._last))

    def _cleared(self) -> None:
        if not self._clearing:
            self._fail(Fatal.UNIDENTIFIED, "DeviceClearComplete without AsyncDeviceClear")
            return
        self._clearing = False
        self._sync.write(Message(Kind.DEVICE_CLEAR_ACKNOWLEDGE).pack())  # feature 0: synchronized

    # Asynchronous channel

    def asynchronous(self, message: Message) -> None:
        """A message of the asynchronous connection."""
        match message.kind:
            case Kind.ASYNC_MAXIMUM_MESSAGE_SIZE if len(message.payload) == 8:
                (self._client_size,) = struct.unpack("!Q", message.payload)
                size = struct.pack("!Q", PAYLOAD_MAX)
                self._tell(Message(Kind.ASYNC_MAXIMUM_MESSAGE_SIZE_RESPONSE, 0, 0, size))
            case Kind.ASYNC_DEVICE_CLEAR:
                self._clear()
            case Kind.ASYNC_STATUS_QUERY:
                self._tell_status(message)
            case Kind.ASYNC_LOCK if message.control in {0, 1}:
                self._lock(message)
            case Kind.ASYNC_LOCK_INFO:
                locks = self._host.locks
                holders = locks.holders
                self._tell(Message(Kind.ASYNC_LOCK_INFO_RESPONSE, int(locks.is_exclusive), holders))
            case Kind.ASYNC_REMOTE_LOCAL_CONTROL if message.control <= REMOTE_LOCAL_MAX:
                self._tell(Message(Kind.ASYNC_REMOTE_LOCAL_RESPONSE))  # there is no front panel to lock
            case Kind.FATAL_ERROR:
                self._sync.close()
            case Kind.ERROR:
                pass
            case _:
                assert self._async is not None  # it came from there
                self._refuse(self._async, message)

    def ask_for_service(self) -> None:
        """Send AsyncServiceRequest where the device newly asks for service."""
        if self._async is not None and (byte := self._talk.service_request()):
            self._tell(Message(Kind.ASYNC_SERVICE_REQUEST, byte))

    def _clear(self) -> None:
        self._clearing = True
        self._part.clear()
        self._held.clear()
        with self._host.pace.acting():
            self._talk.clear()
        self._tell(Message(Kind.ASYNC_DEVICE_CLEAR_ACKNOWLEDGE))  # feature 0: synchronized

    def _tell_status(self, message: Message) -> None:
        with self._host.pace.acting():
            if message.control & RMT_DELIVERED:
                self._talk.unread = False
            byte = self._talk.status_byte()
        self._tell(Message(Kind.ASYNC_STATUS_RESPONSE, byte))

    def _lock(self, message: Message) -> None:
        locks = self._host.locks
        if message.control == 0:
            self._tell(Message(Kind.ASYNC_LOCK_RESPONSE, locks.release(self)))
        else:
            locks.request(
                self,
                message.payload.decode("latin-1"),
                message.parameter * MS,
                lambda outcome: self._tell(Message(Kind.ASYNC_LOCK_RESPONSE, outcome)),
            )

    # Both

    def _tell(self, message: Message) -> None:
        if self._async is not None:
            self._async.write(message.pack())

    def _refuse(self, writer: asyncio.StreamWriter, message: Message) -> None:
        """Answer Error: the message is ignored, the session goes on."""
        if message.kind >= 128:
            mistake = Mistake.UNKNOWN_VENDOR_MESSAGE
        elif message.kind in {Kind.ASYNC_LOCK, Kind.ASYNC_REMOTE_LOCAL_CONTROL}:
            mistake = Mistake.UNKNOWN_CONTROL_CODE
        else:
            mistake = Mistake.UNKNOWN_MESSAGE
        text = f"{mistake.name.lower()}: message type {message.kind}, control code {message.control}"
        writer.write(Message(Kind.ERROR, mistake, 0, text.encode()).pack())

    def _fail(self, fatal: Fatal, text: str) -> None:
        """Answer FatalError, and end the session."""
        self._sync.write(Message(Kind.FATAL_ERROR, fatal, 0, text.encode()).pack())
        self._sync.close()
