"""Who the car calls when help is wanted, how often, and what it says (B-01 to B-05, B-08, B-09, B-11, B-14, B-16).

Assistance of the country that the car is in first; where it cannot be reached, the emergency number of the country that
the car is in by then. ON CALL is no emergency, so it never goes to an emergency number. A request while a call runs is
ignored unless it is more urgent: crash or SOS end an ON CALL call and make their own; a crash during an SOS call turns
that call into a crash call, with a new message, as cutting off a helper who listens already would be no help.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from emulation.ecus.modem.call_leg import BusyError, NoServiceError, ServiceCategory
from emulation.ecus.telematics.conversation import Conversation, Target, Trigger
from emulation.offboard.countries import COUNTRIES
from emulation.world import Condition, Process, Task
from harness.units import MIN, MS, S

if TYPE_CHECKING:
    from emulation.ecus.telematics.telematics import Telematics


class CallControl(Conversation):
    """One request for help at a time, from the first digit to the last call-back."""

    ASSISTANCE_ATTEMPTS = 3
    """Calls to Assistance that may fail in a row before the emergency number is called (own choice)."""
    REDIAL_PAUSE = 5 * S
    """Between two attempts (own choice)."""
    REDIAL_WINDOW = 2 * MIN
    """Time in which a target is redialled (EN 16062: any number of times within 2 min)."""
    SET_UP_TIMEOUT = 20 * S
    """From dialling to the first ring (own choice)."""
    RINGING_TIMEOUT = 30 * S
    """Ringing after which nobody will answer (own choice; 3 attempts stay within the redial window)."""
    NETWORK_PATIENCE: ClassVar = {Trigger.CRASH: 10 * MIN, Trigger.SOS: 10 * MIN, Trigger.ON_CALL: 2 * MIN}
    """Time to wait for a network (own choice)."""
    LIMITED_SERVICE_PATIENCE = 30 * S
    """Time under a cell that does not register the car, after which it makes an emergency call there (own choice)."""
    NETWORK_LOOK = 250 * MS
    STABLE = 10 * S
    """A call that lasted so long was a conversation: if it breaks, redialling begins anew (own choice)."""
    CALL_BACK_TIME = 60 * MIN
    """EN 16062, T2: calls from the centre are answered by themselves for so long after the first call."""
    AUTO_ANSWER = 1 * S
    """Ringing before that."""

    def __init__(self, unit: Telematics) -> None:
        super().__init__(unit)
        self.running = False
        """Whether a call is being made or is on; not while a call-back is awaited."""
        self._task: Task | None = None

    # Requests

    def request(self, trigger: Trigger) -> None:
        """Somebody, or the car itself, wants help now."""
        if not self.running or self.trigger is Trigger.ON_CALL < trigger:
            self.stop()
            self._task = self.world.spawn(self._help(trigger), f"help for {trigger.name}")
        elif trigger > self.trigger:
            self._begin(trigger)
            self._new_message.happen()

    @property
    def active(self) -> bool:
        """Whether help is being called, or a call-back awaited."""
        return self._task is not None and not self._task.happened

    def stop(self) -> None:
        """End what is going on, at once."""
        if self._task is not None:
            self._task.stop()

    def _begin(self, trigger: Trigger) -> None:
        self.trigger = trigger
        self.requested_at = self.world.now

    def _help(self, trigger: Trigger) -> Process:
        self._begin(trigger)
        self.running, self.spoken = True, False
        self.attempt = self.message_id = 0
        try:
            reached = yield from self.reach("ASSISTANCE")
            if not reached and self.may_fall_back():
                reached = yield from self.reach("EMERGENCY")
            if not reached:
                self.unit.store_fault("CALL_FAILED")
            if self.spoken:
                yield from self.await_call_back()
        finally:
            self.running = False
            self.modem.hang_up()
            self.unit.set("TCU_Call", State="IDLE", Trigger="NONE", Target="NONE", Attempt=0, MessageState="NONE")

    def may_fall_back(self) -> bool:
        """Whether the emergency number is called where Assistance cannot be reached."""
        return self.trigger.is_emergency

    # Reaching somebody

    def reach(self, target: Target) -> Process:
        """Dial until somebody has been spoken to, or until it is no use; returns whether somebody was."""
        failures = 0
        window: Condition | None = None
        while (yield from self.find_network(target)):
            window = window or self.world.after(self.REDIAL_WINDOW)
            started = self.world.now
            reason = yield from self.call(target)
            if reason in {"remote", "local"}:
                return True
            if reason == "no service":
                continue
            if reason == "lost" and self.world.now - started > self.STABLE:
                failures, window = 0, self.world.after(self.REDIAL_WINDOW)
            failures += 1
            if window.happened or (target == "ASSISTANCE" and failures >= self.ASSISTANCE_ATTEMPTS):
                return False
            self.show("DIALLING", target)
            yield self.REDIAL_PAUSE
        return False

    def find_network(self, target: Target) -> Process:
        """Wait until `target` can be dialled; returns whether it can, within the patience of this request."""
        self.show("DIALLING", target)
        limited_service = 0
        for _ in range(self.NETWORK_PATIENCE[self.trigger] // self.NETWORK_LOOK):
            if self.modem.serves(emergency=target == "EMERGENCY"):
                return True
            limited_service = limited_service + self.NETWORK_LOOK if self.modem.serves(emergency=True) else 0
            if limited_service > self.LIMITED_SERVICE_PATIENCE and self.may_fall_back():
                return False
            yield self.NETWORK_LOOK
        return False

    def number(self, target: Target) -> str:
        """What to dial, looked up at every attempt: the car may have crossed a border since the last."""
        country = COUNTRIES[self.modem.country]
        return country.assistance_number if target == "ASSISTANCE" else country.emergency_number

    def call(self, target: Target) -> Process:
        """One attempt; returns how it ended: `remote` and `local` after an answer, or why nobody was spoken to."""
        category = None
        if target == "EMERGENCY":
            automatic = self.trigger is Trigger.CRASH
            category = ServiceCategory.AUTOMATIC_ECALL if automatic else ServiceCategory.MANUAL_ECALL
        try:
            call = self.modem.dial(self.number(target), category)
        except NoServiceError:
            return "no service"
        except BusyError:  # somebody else's call: help goes first
            self.modem.hang_up()
            yield self.NETWORK_LOOK
            return "no service"
        self.attempt += 1
        self.show("DIALLING", target)
        yield call.alerting | call.ended | self.world.after(self.SET_UP_TIMEOUT)
        if call.alerting.happened and not call.ended.happened:
            self.show("ALERTING", target)
            yield call.answered | call.ended | self.world.after(self.RINGING_TIMEOUT)
        if call.answered.happened:
            yield from self.converse(call, target)
        elif not call.ended.happened:
            call.hang_up("local")
            return "no answer"
        return call.ended.value

    # Afterwards

    def await_call_back(self) -> Process:
        """Answer every call from a centre by itself, for `CALL_BACK_TIME` from the end of the first call."""
        over = self.world.after(self.CALL_BACK_TIME)
        while not over.happened:
            self.running = False
            self.show("CALLBACK_WAIT", self.target)
            rings = self.modem.incoming()
            yield rings | over
            if not rings.happened:
                return
            call = rings.value
            if target := self.centre_of(call.number):
                yield call.ended | self.world.after(self.AUTO_ANSWER)
                if not call.ended.happened:
                    self.running = True
                    call.answer()
                    yield from self.converse(call, target)
            else:
                yield call.answered | call.ended  # a private call: for whoever takes it
                yield call.ended

    def centre_of(self, number: str) -> Target | None:
        """Whose number this is in the country that the car is in; None for anybody else's."""
        targets: tuple[Target, ...] = ("ASSISTANCE", "EMERGENCY")
        return next((target for target in targets if self.number(target) == number), None)
