"""The VISA library of the emulated bench: what PyVISA calls, in simulated time (VPP-4.3)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from pyvisa import constants, errors, highlevel, rname
from pyvisa.constants import ResourceAttribute, StatusCode
from pyvisa.typing import VISAEventContext, VISARMSession, VISASession
from pyvisa.util import DebugInfo, LibraryPath

from emulation import plugin
from emulation.bench import ScpiDevice

from .locks import Lock
from .session import Session

AnySession = VISASession | VISAEventContext | VISARMSession


class EmulatedVisaLibrary(highlevel.VisaLibraryBase):
    """Sessions to the instruments of the bench that was active when they were opened."""

    @staticmethod
    def get_library_paths() -> Iterable[LibraryPath]:
        """A name, so that PyVISA makes the library."""
        return (LibraryPath("emulated"),)

    @staticmethod
    def get_debug_info() -> DebugInfo:
        """What `pyvisa-info` prints."""
        return {"Resources": list(plugin.active().instruments)}

    def _init(self) -> None:
        self._numbers = count(1)
        self._managers: set[int] = set()
        self._sessions: dict[int, Session] = {}
        self._locks: WeakKeyDictionary[ScpiDevice, Lock] = WeakKeyDictionary()

    # Sessions

    def open_default_resource_manager(self) -> tuple[VISARMSession, StatusCode]:
        """A session to the resource manager."""
        number = VISARMSession(next(self._numbers))
        self._managers.add(number)
        return number, self.handle_return_value(number, StatusCode.success)

    def open(
        self,
        session: VISARMSession,
        resource_name: str,
        access_mode: constants.AccessModes = constants.AccessModes.no_lock,
        open_timeout: int | None = constants.VI_TMO_IMMEDIATE,
    ) -> tuple[VISASession, StatusCode]:
        """Open an instrument of the active bench; VI_ERROR_RSRC_NFOUND, with what there is, for any other."""
        if session not in self._managers:
            return VISASession(0), self.handle_return_value(None, StatusCode.error_invalid_object)
        try:
            name = rname.ResourceName.from_string(resource_name)
        except rname.InvalidResourceName:
            return VISASession(0), self.handle_return_value(None, StatusCode.error_invalid_resource_name)
        bench = plugin.active()
        devices = {_canonical(known): device for known, device in bench.instruments.items()}
        device = devices.get(_canonical(resource_name))
        if device is None:
            return VISASession(0), self._not_found(resource_name, bench.instruments)
        if getattr(getattr(device, "link", None), "refuses", False):
            return VISASession(0), self.handle_return_value(None, StatusCode.error_resource_not_found)
        number = VISASession(next(self._numbers))
        self._sessions[number] = Session(bench, device, name)
        status = self.handle_return_value(number, StatusCode.success)
        if access_mode != constants.AccessModes.no_lock:
            try:
                self.lock(number, constants.Lock(access_mode), open_timeout or 0)
            except errors.VisaIOError:
                self.close(number)
                raise
        return number, status

    def _not_found(self, resource_name: str, known: Iterable[str]) -> StatusCode:
        try:
            return self.handle_return_value(None, StatusCode.error_resource_not_found)
        except errors.VisaIOError as error:
            there_is = ", ".join(known) or "none"
            error.args = (f"{error.args[0]} No emulated instrument is at {resource_name!r}; there is {there_is}.",)
            raise

    def close(self, session: AnySession) -> StatusCode:
        """Close a session; closing the manager closes what it opened."""
        if session in self._managers:
            self._managers.discard(session)
            for number in tuple(self._sessions):
                self.close(VISASession(number))
        elif session in self._sessions:
            self._lock_of(self._sessions.pop(session)).forget(session)
        else:
            return self.handle_return_value(None, StatusCode.error_invalid_object)
        self._last_status_in_session.pop(session, None)
        return self.handle_return_value(None, StatusCode.success)

    def list_resources(self, session: VISARMSession, query: str = "?*::INSTR") -> tuple[str, ...]:
        """The instruments of the active bench that match."""
        del session
        return rname.filter(plugin.active().instruments, query)

    def _session(self, session: AnySession) -> Session:
        if session not in self._sessions:
            self.handle_return_value(None, StatusCode.error_invalid_object)
        return self._sessions[session]

    def _free(self, session: AnySession) -> Session:
        """The session, if no other one's lock keeps it from its instrument."""
        opened = self._session(session)
        if not self._lock_of(opened).allows(session):
            self.handle_return_value(session, StatusCode.error_resource_locked)
        return opened

    def _lock_of(self, opened: Session) -> Lock:
        return self._locks.setdefault(opened.device, Lock())

    # Input and output

    def read(self, session: VISASession, count: int) -> tuple[bytes, StatusCode]:
        """Read up to `count` bytes; VI_ERROR_TMO exactly one timeout of simulated time later where nothing comes."""
        data, status = self._free(session).read(count)
        return data, self.handle_return_value(session, status)

    def write(self, session: VISASession, data: bytes) -> tuple[int, StatusCode]:
        """Send `data`; takes no time."""
        written, status = self._free(session).write(data)
        return written, self.handle_return_value(session, status)

    def clear(self, session: VISASession) -> StatusCode:
        """Device clear: what was under way is forgotten on both sides."""
        return self.handle_return_value(session, self._free(session).clear())

    def flush(self, session: VISASession, mask: constants.BufferOperation) -> StatusCode:
        """Nothing is buffered on this side."""
        del mask
        self._free(session)
        return self.handle_return_value(session, StatusCode.success)

    def read_stb(self, session: VISASession) -> tuple[int, StatusCode]:
        """Serial poll."""
        byte, status = self._free(session).read_stb()
        return byte, self.handle_return_value(session, status)

    def assert_trigger(self, session: VISASession, protocol: constants.TriggerProtocol) -> StatusCode:
        """Group execute trigger, which an instrument takes like `*TRG` (IEEE 488.2, 6.1.4.2.5)."""
        del protocol
        return self.handle_return_value(session, self._free(session).write(b"*TRG\n")[1])

    # Attributes and locks

    def get_attribute(self, session: AnySession, attribute: Any) -> tuple[Any, StatusCode]:
        """The state of an attribute."""
        opened = self._session(session)
        if attribute == ResourceAttribute.resource_lock_state:
            return self._lock_of(opened).state, self.handle_return_value(session, StatusCode.success)
        state, status = opened.get_attribute(attribute)
        return state, self.handle_return_value(session, status)

    def set_attribute(self, session: AnySession, attribute: Any, attribute_state: Any) -> StatusCode:
        """Set an attribute."""
        return self.handle_return_value(session, self._session(session).set_attribute(attribute, attribute_state))

    def lock(
        self, session: VISASession, lock_type: constants.Lock, timeout: int, requested_key: str | None = None
    ) -> tuple[str, StatusCode]:
        """Lock the instrument.

        VI_ERROR_TMO after `timeout` ms of simulated time where another session has it: this caller waits, so that
        nobody gives it back meanwhile.
        """
        opened = self._session(session)
        lock = self._lock_of(opened)
        if lock_type == constants.Lock.exclusive:
            key = "" if lock.take_exclusive(session) else None
        else:
            key = lock.take_shared(session, requested_key)
        if key is None:
            opened.sleep(timeout)
            return "", self.handle_return_value(session, StatusCode.error_timeout)
        return key, self.handle_return_value(session, StatusCode.success)

    def unlock(self, session: VISASession) -> StatusCode:
        """Give a lock back."""
        return self.handle_return_value(session, self._lock_of(self._session(session)).release(session))

    # Events: none is ever enabled; a serial poll tells the same

    def enable_event(self, session: VISASession, event_type: Any, mechanism: Any, context: None = None) -> StatusCode:
        """VI_ERROR_INV_EVENT: no event is supported."""
        del event_type, mechanism, context
        return self.handle_return_value(session, StatusCode.error_invalid_event)

    def disable_event(self, session: VISASession, event_type: Any, mechanism: Any) -> StatusCode:
        """It is disabled already."""
        del event_type, mechanism
        self._session(session)
        return self.handle_return_value(session, StatusCode.success_event_already_disabled)

    def discard_events(self, session: VISASession, event_type: Any, mechanism: Any) -> StatusCode:
        """There are none to discard."""
        del event_type, mechanism
        self._session(session)
        return self.handle_return_value(session, StatusCode.success_queue_already_empty)

    def wait_on_event(self, session: VISASession, in_event_type: Any, timeout: int) -> Any:
        """VI_ERROR_NENABLED: no event is enabled."""
        del in_event_type, timeout
        return self.handle_return_value(session, StatusCode.error_not_enabled)


def _canonical(resource_name: str) -> str:
    """The name as VISA compares it: board number filled in, letters of one case (VPP-4.3, 4.3.1)."""
    try:
        return rname.to_canonical_name(resource_name).upper()
    except rname.InvalidResourceName:
        return resource_name.upper()
