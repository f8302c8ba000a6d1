"""What all emulated instruments have in common: the common commands of IEEE 488.2 and the SCPI-99 subsystems.

An instrument is a subclass: its `IDENTITY`, its `TABLE` that begins with `COMMON`, and what its settings do.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import ClassVar

from emulation.bench import EmulatedBench
from emulation.lab.conversation import Conversation
from emulation.lab.exchange import Exchange
from emulation.lab.parameters import Integer
from emulation.lab.status import MASTER_SUMMARY, OPERATION_COMPLETE
from emulation.lab.syntax import Row
from emulation.world import Condition, Process, Task

BYTE = Integer(high=255)
WORD = Integer(high=32_767)


class ScpiTwin(Exchange):
    """An emulated instrument on the bench."""

    OPTIONS: ClassVar[str] = "0"
    """What `*OPT?` answers; an instrument without options answers 0 (IEEE 488.2, 10.20)."""
    CALIBRATION: ClassVar[str] = "2026,3,2"
    """Date of the last calibration as year, month, day; recommended is one a year."""
    CALIBRATION_COUNT = 7

    def __init__(self, bench: EmulatedBench) -> None:
        super().__init__(bench)
        self._completion: Task | None = None

    def forget(self, conversation: Conversation, *, clear: bool) -> None:
        """Device clear also forgets `*OPC`."""
        super().forget(conversation, clear=clear)
        if clear:
            self._forget_completion()

    # Common commands (IEEE 488.2, 10) and what SCPI adds for every instrument

    def identity(self) -> str:
        """`*IDN?`."""
        return self.IDENTITY

    def options(self) -> str:
        """`*OPT?`."""
        return self.OPTIONS

    def calibration_date(self) -> str:
        """`CALibration:DATE?`."""
        return self.CALIBRATION

    def calibration_count(self) -> int:
        """`CALibration:COUNt?`."""
        return self.CALIBRATION_COUNT

    def calibration_string(self) -> str:
        """`CALibration:STRing?`: the calibration laboratory's note."""
        return f'"CAL {self.CALIBRATION.replace(",", "-")}"'

    def clear_status(self) -> None:
        """`*CLS`."""
        self._forget_completion()
        self.status.clear()

    def full_reset(self) -> None:
        """`*RST`."""
        self._forget_completion()
        self._values.clear()
        self.reset()

    def settled(self) -> Process:
        """`*WAI`: until every operation under way is over."""
        while self._operations:
            yield self._operations[0]
            del self._operations[0]

    def operation_complete(self) -> None:
        """`*OPC`: sets its bit once everything under way is over."""
        self._forget_completion()
        self._completion = self.world.spawn(self._complete(tuple(self._operations)), f"*OPC of {self.name}")

    def _complete(self, operations: tuple[Condition, ...]) -> Process:
        yield from operations
        self.status.standard.event |= OPERATION_COMPLETE

    def _forget_completion(self) -> None:
        if self._completion is not None:
            self._completion.stop()
            self._completion = None

    def ask_operation_complete(self) -> Generator[Condition | int, None, str]:
        """`*OPC?`."""
        yield from self.settled()
        return "1"

    def self_test(self) -> str:
        """`*TST?`: passed."""
        return f"{self.SIGN}0"

    def set_event_enable(self, mask: int) -> None:
        """`*ESE`."""
        self.status.standard.enable = mask

    def event_enable(self) -> int:
        """`*ESE?`."""
        return self.status.standard.enable

    def take_events(self) -> int:
        """`*ESR?`."""
        return self.status.standard.take()

    def set_service_enable(self, mask: int) -> None:
        """`*SRE`: bit 6 cannot be enabled."""
        self.status.service_enable = mask & ~MASTER_SUMMARY

    def service_enable(self) -> int:
        """`*SRE?`."""
        return self.status.service_enable

    def status_summary(self) -> int:
        """`*STB?`."""
        return self.status.byte(self._current is not None and self._current.holds_answer)

    def next_error(self) -> str:
        """`SYSTem:ERRor?`."""
        return self.status.next_error()

    def error_count(self) -> int:
        """`SYSTem:ERRor:COUNt?`."""
        return self.status.error_count

    def scpi_version(self) -> str:
        """`SYSTem:VERSion?`."""
        return "1999.0"

    def preset_status(self) -> None:
        """`STATus:PRESet`: nothing of the device-defined registers goes up into the status byte."""
        self.status.operation.enable = self.status.questionable.enable = 0

    def set_operation_enable(self, mask: int) -> None:
        """`STATus:OPERation:ENABle`."""
        self.status.operation.enable = mask

    def operation_enable(self) -> int:
        """`STATus:OPERation:ENABle?`."""
        return self.status.operation.enable

    def set_questionable_enable(self, mask: int) -> None:
        """`STATus:QUEStionable:ENABle`."""
        self.status.questionable.enable = mask

    def questionable_enable(self) -> int:
        """`STATus:QUEStionable:ENABle?`."""
        return self.status.questionable.enable

    def operation_condition(self) -> int:
        """`STATus:OPERation:CONDition?`."""
        return self.status.operation.condition

    def questionable_condition(self) -> int:
        """`STATus:QUEStionable:CONDition?`."""
        return self.status.questionable.condition

    def take_operation_events(self) -> int:
        """`STATus:OPERation?`."""
        return self.status.operation.take()

    def take_questionable_events(self) -> int:
        """`STATus:QUEStionable?`."""
        return self.status.questionable.take()


COMMON = (
    Row("*CLS", do=ScpiTwin.clear_status),
    Row("*ESE", BYTE, do=ScpiTwin.set_event_enable),
    Row("*ESE", ask=ScpiTwin.event_enable),
    Row("*ESR", ask=ScpiTwin.take_events),
    Row("*IDN", ask=ScpiTwin.identity),
    Row("*OPC", do=ScpiTwin.operation_complete, ask=ScpiTwin.ask_operation_complete),
    Row("*OPT", ask=ScpiTwin.options),
    Row("*RST", do=ScpiTwin.full_reset),
    Row("*SRE", BYTE, do=ScpiTwin.set_service_enable),
    Row("*SRE", ask=ScpiTwin.service_enable),
    Row("*STB", ask=ScpiTwin.status_summary),
    Row("*TST", ask=ScpiTwin.self_test),
    Row("*WAI", do=ScpiTwin.settled),
    Row("SYSTem:ERRor[:NEXT]", ask=ScpiTwin.next_error),
    Row("SYSTem:ERRor:COUNt", ask=ScpiTwin.error_count),
    Row("SYSTem:VERSion", ask=ScpiTwin.scpi_version),
    Row("STATus:PRESet", do=ScpiTwin.preset_status),
    Row("STATus:OPERation:ENABle", WORD, do=ScpiTwin.set_operation_enable),
    Row("STATus:OPERation:ENABle", ask=ScpiTwin.operation_enable),
    Row("STATus:QUEStionable:ENABle", WORD, do=ScpiTwin.set_questionable_enable),
    Row("STATus:QUEStionable:ENABle", ask=ScpiTwin.questionable_enable),
    Row("STATus:OPERation[:EVENt]", ask=ScpiTwin.take_operation_events),
    Row("STATus:OPERation:CONDition", ask=ScpiTwin.operation_condition),
    Row("STATus:QUEStionable[:EVENt]", ask=ScpiTwin.take_questionable_events),
    Row("STATus:QUEStionable:CONDition", ask=ScpiTwin.questionable_condition),
)
"""What every table begins with."""

CALIBRATION_NOTE = (
    Row("CALibration:COUNt", ask=ScpiTwin.calibration_count),
    Row("CALibration:STRing", ask=ScpiTwin.calibration_string),
)
"""What Keysight's bench instruments know of their calibration; a date only where the model has one."""

CALIBRATION_DATE = Row("CALibration:DATE", ask=ScpiTwin.calibration_date)
