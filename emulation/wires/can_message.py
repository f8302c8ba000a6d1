"""A frame of the emulated network as python-can's `Message`, and back."""

from __future__ import annotations

from can import CanOperationError, Message

from emulation.can_bus import BRS, ERROR, ESI, EXTENDED, FD, REMOTE, Frame
from harness.units import S

FD_LENGTHS = (*range(9), 12, 16, 20, 24, 32, 48, 64)
"""Data bytes that a CAN FD frame can carry (ISO 11898-1)."""

_new_message = Message.__new__  # with its slots set by hand, a third of the cost of `Message()`


def message_of(frame: Frame, channel: str, is_rx: bool) -> Message:
    """A new message, its timestamp in seconds of simulated time."""
    time, identifier, data, flags, _sender = frame
    message: Message = _new_message(Message)
    message.timestamp = time / S
    message.arbitration_id = identifier
    message.data = bytearray(data)
    message.dlc = len(data)
    message.channel = channel
    message.is_rx = is_rx
    if flags:
        message.is_extended_id = bool(flags & EXTENDED)
        message.is_remote_frame = bool(flags & REMOTE)
        message.is_error_frame = bool(flags & ERROR)
        message.is_fd = bool(flags & FD)
        message.bitrate_switch = bool(flags & BRS)
        message.error_state_indicator = bool(flags & ESI)
        if flags & REMOTE:
            message.data = bytearray()
    else:
        message.is_extended_id = message.is_remote_frame = message.is_error_frame = False
        message.is_fd = message.bitrate_switch = message.error_state_indicator = False
    return message


def content_of(message: Message) -> tuple[bytes, int]:
    """Data and flags of the frame that `message` asks for; `CanOperationError` where no controller could send it."""
    limit = 0x1FFF_FFFF if message.is_extended_id else 0x7FF
    if not 0 <= message.arbitration_id <= limit:
        raise CanOperationError(f"identifier 0x{message.arbitration_id:X} is not within 0 ... 0x{limit:X}")
    if message.is_fd:
        if message.dlc not in FD_LENGTHS:
            raise CanOperationError(f"{message.dlc} bytes do not fit a CAN FD frame; it takes 0-8, 12, 16 ... 64")
    elif message.dlc > 8:
        raise CanOperationError(f"{message.dlc} bytes do not fit a classic CAN frame (at most 8): set is_fd")
    if message.is_remote_frame:
        data = bytes(message.dlc)
    elif message.dlc == len(message.data):
        data = bytes(message.data)
    else:
        raise CanOperationError(f"dlc says {message.dlc} bytes, data has {len(message.data)}")
    flags = (
        (EXTENDED if message.is_extended_id else 0)
        | (REMOTE if message.is_remote_frame else 0)
        | (ERROR if message.is_error_frame else 0)
        | (FD if message.is_fd else 0)
        | (BRS if message.bitrate_switch else 0)
        | (ESI if message.error_state_indicator else 0)
    )
    return data, flags
