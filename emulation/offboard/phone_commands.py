"""What a phone asks the car for, who is served, and what a failure is put down to (A-01, A-12, A-13, A-14)."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal

from emulation.bench import EmulatedBench
from emulation.offboard.connect import HELD, Connect
from emulation.offboard.links import Links
from emulation.offboard.network import RadioNetwork
from emulation.offboard.phones import Phone
from emulation.offboard.records import Records
from emulation.world import Condition, Process
from harness.units import MIN

Kind = Literal["locate", "lock"]
State = Literal["sent", "done", "refused", "failed"]


@dataclass
class Command:
    """Asked for at `asked` (ns); `answer` is what the car told, `reason` why nothing came of it."""

    id: int
    phone: int
    kind: Kind
    asked: int
    state: State = "sent"
    reason: str = ""
    ended: int | None = None
    answer: dict[str, Any] = field(default_factory=dict)


class PhoneCommands:
    """Passes on what a linked phone asks for, and nothing else."""

    VALID = 1 * MIN
    """A command that the car has not carried out by then has failed (bench default, limit `app_command`)."""
    REFUSED = "the car refused"
    """Reason of a command that the car does not carry out as it stands: a door is open, or it has crashed."""
    OPEN_SKY = 4
    """Satellites in view from which on the car stands outdoors, in the open (a position with height)."""

    def __init__(self, bench: EmulatedBench) -> None:
        self._bench = bench
        self._world = bench.world
        self._records: Records = bench.parts["records"]
        self._network: RadioNetwork = bench.parts["network"]
        self._links: Links = bench.parts["links"]
        self._connect: Connect = bench.parts["connect"]
        self._ids = count(1)
        self._awaited: dict[str, Condition] = {}
        self.commands: list[Command] = []
        self._connect.on("located", self._answered)
        self._connect.on("unlock_result", self._answered)

    def as_usual(self) -> None:
        """Nothing was asked for yet."""
        self.commands = []

    def ask(self, phone: Phone, kind: Kind) -> Command:
        """A phone asks for something."""
        command = Command(next(self._ids), phone.id, kind, self._world.now)
        self.commands.append(command)
        self._records.add("phones", "command", phone=phone.id, command=command.id, what=kind)
        if reason := self.refusal(phone):
            self._end(command, "refused", reason)
        else:
            self._world.spawn(self._carry_out(command, phone), f"command {command.id} of phone {phone.id}")
        return command

    def refusal(self, phone: Phone) -> str:
        """Why this phone is not served now; empty where it is."""
        if not phone.online:
            return "no Internet on the phone"
        return self.unlinked(phone) or self.service_off()

    def unlinked(self, phone: Phone) -> str:
        """Only a linked phone is served, and for the user who linked it."""
        link = self._links.of_phone(phone.id)
        if link is None:
            return "this phone is not linked to the car"
        return "" if link.account == phone.account else "the app is logged in as another user than it was linked by"

    def service_off(self) -> str:
        """What its owner has switched off; out of reach is another matter."""
        reason = self._connect.reason()
        return "" if reason in HELD else reason

    def _carry_out(self, command: Command, phone: Phone) -> Process:
        over = self._world.after(self.VALID)
        answered = self._awaited[name(command)] = self._world.condition(f"answer to command {command.id}")
        told = self._connect.send(command.kind, self.VALID, request=name(command))
        yield told.done
        if told.done.value == "delivered":
            yield answered | over
        del self._awaited[name(command)]
        if told.done.value != "delivered":
            self._fail(command, phone, told.reason)
        elif not answered.happened:
            self._fail(command, phone, "the car did not answer")
        elif answered.value.get("state") == "refused":
            self._end(command, "failed", self.REFUSED)
        else:
            command.answer = answered.value
            self._end(command, "done")

    def _answered(self, told: dict[str, Any]) -> None:
        if (awaited := self._awaited.get(told["request"])) is not None:
            awaited.happen({key: told[key] for key in told if key != "request"})

    def _fail(self, command: Command, phone: Phone, reason: str) -> None:
        self._end(command, "failed", reason)
        kind = "defect" if self.is_defect(phone) else "environment"
        self._records.add("phones", kind, phone=phone.id, command=command.id, what=command.kind, reason=reason)

    def is_defect(self, phone: Phone) -> bool:
        """Outdoors, with coverage, and with Internet on the phone there is nothing else to blame (A-13)."""
        sky = self._bench.parts.get("sky")
        outdoors = sky is not None and sky.fix and sky.satellites >= self.OPEN_SKY
        return outdoors and self._network.coverage == "full" and self._network.receivable and phone.online

    def _end(self, command: Command, state: State, reason: str = "") -> None:
        command.state, command.reason, command.ended = state, reason, self._world.now
        self._records.add("phones", f"command_{state}", phone=command.phone, command=command.id, reason=reason)


def name(command: Command) -> str:
    """How the car calls it; Assistance counts its own."""
    return f"app {command.id}"
