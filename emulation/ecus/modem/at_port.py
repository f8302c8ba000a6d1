"""The modem's AT port: command lines, echo, result codes and unsolicited lines as ITU-T V.250 has them (B-22, B-24)."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from emulation.ecus.modem.at_command import AtError, CmeError, Result, ResultError, parse
from emulation.ecus.modem.at_commands import answer_to, is_abortable
from emulation.ecus.modem.at_settings import Settings
from emulation.ecus.modem.call_leg import CallLeg, LegState
from emulation.ecus.modem.sim import SimState
from emulation.serial_line import SerialLine
from emulation.world import Condition, Process, Task
from harness.units import MS

if TYPE_CHECKING:
    from emulation.ecus.modem.modem import Modem

LATENCY = (2 * MS, 4 * MS, 12 * MS)
"""From the end of a command line to its answer, least, most likely and most (own choice)."""
LINE_MAX = 560
"""Characters of a command line (V.250 asks for 40 at least)."""
CTRL_Z, ESC = 0x1A, 0x1B


class AtPort:
    """One command interpreter on one serial line, beside the telematics unit's own access to the modem."""

    def __init__(self, modem: Modem, serial: SerialLine) -> None:
        self.modem: Modem = modem
        self.settings: Settings = Settings()
        self.last_dialled = ""
        self.last_failure: str = "No cause information available"
        """What `+CEER` answers."""
        self._serial = serial
        self._line = bytearray()
        self._last_body = ""
        self._waiting = bytearray()
        self._running: Task | None = None
        self._abortable = False
        self._entered: Condition | None = None
        self.message_reference: int = 0
        """Of the message sent last, modulo 256."""
        serial.on_bytes = self._receive

    # From the tester

    def _receive(self, data: bytes) -> None:
        """Characters arrive; those that come while a command runs abort it where it can be, or else wait."""
        if not self.modem.awake:
            return
        if self._running is None:
            self._waiting += data
            self._take()
        elif self._entered is not None:
            self._enter(data)
        elif self._abortable:
            self._running.stop()
            self._finish(Result.ERROR)
        else:
            self._waiting += data

    def _take(self) -> None:
        """Take what waits, up to the end of a command line."""
        registers = self.settings.registers
        while self._waiting and self._running is None:
            character = self._waiting.pop(0)
            if self.settings.echo:
                self._serial.write(bytes((character,)))
            if character == registers[3]:
                line, self._line = self._line, bytearray()
                self._accept(line.decode("latin-1"))
            elif character == registers[5]:
                del self._line[-1:]
            elif character >= 0x20:
                self._line.append(character)
                if self._line.upper() == b"A/":
                    self._line.clear()
                    self._start(self._last_body)

    def prompt(self) -> Condition:
        """Ask for text: happens with what comes before a Ctrl-Z, or with None at an ESC (TS 27.005, 3.5.1)."""
        self._entered = self.modem.world.condition("text for the prompt")
        self._line.clear()
        self._write(f"{self._ending}> ")
        waiting, self._waiting = bytes(self._waiting), bytearray()
        entered = self._entered
        self._enter(waiting)
        return entered

    def _enter(self, data: bytes) -> None:
        for place, character in enumerate(data):
            if character in {CTRL_Z, ESC}:
                text = None if character == ESC else self._line.decode("latin-1")
                entered, self._entered = self._entered, None
                self._line.clear()
                self._waiting += data[place + 1 :]
                assert entered is not None  # it is being entered
                entered.happen(text)
                return
            if self.settings.echo:
                self._serial.write(bytes((character,)))
            if character == self.settings.registers[5]:
                del self._line[-1:]
            else:
                self._line.append(character)

    def _accept(self, line: str) -> None:
        """A line counts from its `AT` on; what has none is noise."""
        found = [at for at in (line.find("AT"), line.find("at")) if at >= 0]
        if not found:
            return
        body = line[min(found) + 2 :]
        if len(body) > LINE_MAX:
            self._finish(Result.ERROR)
            return
        self._last_body = body
        self._start(body)

    def _start(self, body: str) -> None:
        self._running = self.modem.world.spawn(self._run(body), f"AT{body.split('=', maxsplit=1)[0]}")

    def _run(self, body: str) -> Process:
        yield self.modem.draw(LATENCY)
        try:
            for call in parse(body):
                answer = answer_to(self, call)
                if isinstance(answer, Generator):
                    self._abortable = is_abortable(call)
                    answer = yield from answer
                    self._abortable = False
                for line in answer or ():
                    self.say(line)
        except CmeError as error:
            self._finish(error.line(self.settings.error_format))
        except ResultError as error:
            self._finish(error.result)
        except AtError:
            self._finish(Result.ERROR)
        else:
            self._finish(Result.OK)

    def _finish(self, result: Result | str) -> None:
        self._running = None
        self._abortable = False
        self.result(result)
        self._take()

    def reset(self) -> None:
        """Every setting as it was made (`ATZ`, `AT&F`)."""
        self.settings = Settings()

    # To the tester

    def say(self, text: str) -> None:
        """A line of information, or an unsolicited one."""
        ending = self._ending
        self._write(f"{ending}{text}{ending}" if self.settings.verbose else f"{text}{ending}")

    def result(self, result: Result | str) -> None:
        """A result code in words (V1) or as a number (V0); none with Q1. `+CME ERROR` has words only."""
        if self.settings.quiet:
            return
        if isinstance(result, str):
            self.say(result)
        elif self.settings.verbose:
            self.say(result.text)
        else:
            self._write(f"{int(result)}{chr(self.settings.registers[3])}")

    @property
    def _ending(self) -> str:
        return chr(self.settings.registers[3]) + chr(self.settings.registers[4])

    def _write(self, text: str) -> None:
        if self.modem.awake:
            self._serial.write(text.encode("latin-1"))

    # What the modem has to tell unasked

    def announce_start(self) -> None:
        """The modem has booted: everything as it was made, then what state the SIM is in."""
        self.reset()
        self._line.clear()
        self._waiting.clear()
        if self._entered is not None and self._running is not None:
            self._running.stop()
            self._running = self._entered = None
        self.say("^SYSSTART")
        self.announce_sim()

    def announce_sim(self) -> None:
        """The SIM wants something else than before."""
        state = self.modem.sim_state
        self.say(f"+CPIN: {SimState.UNREADABLE.value if state is SimState.BLOCKED else state.value}")

    def announce_registration(self) -> None:
        """The registration changed: tell those who asked with `n` = 1 or 2."""
        for name, detail in self.settings.registration_reports.items():
            if detail:
                self.say(f"{name}: {self.registration(detail)}")

    def registration(self, detail: int) -> str:
        """`<stat>`, with area, cell and technology where `detail` is 2 and the modem is registered."""
        stat = self.modem.registration
        where = ',"0001","01A2D001",7' if detail == 2 and stat in (1, 5, 8) else ""  # 7: E-UTRAN
        return f"{int(stat)}{where}"

    def announce_call(self, leg: CallLeg) -> None:
        """A call went on: its state to who asked, its end to the port that it concerns."""
        if self.settings.call_states:
            number, toa = leg.call.number, leg.type_of_address
            self.say(f"^DSCI: {leg.id},{leg.direction},{int(leg.state)},0,{number},{toa}")
        if leg.state is LegState.ENDED:
            reason = leg.call.ended.value
            self.last_failure = {"remote": "Normal call clearing", "local": "Normal call clearing"}.get(reason, reason)
            if (leg.by_port or leg.direction == 1) and reason != "local":
                self.result(self._end_of(reason))

    def _end_of(self, reason: str) -> Result:
        if reason == "busy" and self.settings.result_level >= 3:
            return Result.BUSY
        return Result.NO_ANSWER if reason == "no answer" else Result.NO_CARRIER

    def announce_ring(self, leg: CallLeg) -> None:
        """A call rings."""
        if self.settings.cellular_results:
            self.say("+CRING: VOICE")
        else:
            self.result(Result.RING)
        if self.settings.caller_identity:
            self.say(f'+CLIP: "{leg.call.number}",{leg.type_of_address}')
