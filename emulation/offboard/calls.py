"""One telephone call between car and centre: its course, its voices, and the MSD in it (B-04, B-05, B-09, B-14)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from emulation.world import Condition, Process, World
from harness.units import MS

Direction = Literal["mo", "mt"]
EndReason = Literal["busy", "no answer", "unreachable", "remote", "local", "lost"]

TRIGGERS = ("sos", "on_call", "crash")
MSD_BYTES_MAX = 140
"""What the in-band modem carries (EN 15722)."""


class Call:
    """A call that the car made (`mo`) or that a centre makes to it (`mt`).

    `alerting`, `answered` and `ended` happen at most once each; `ended.value` says why: `busy`, `no answer`,
    `unreachable` (the other side), `remote` and `local` (hung up by centre or car), `lost` (the connection broke).
    Instants are ns; `None` where it did not happen.
    """

    def __init__(
        self,
        world: World,
        identity: int,
        imsi: str,
        *,
        number: str,
        direction: Direction,
        country: str,
        msd_transfer: Callable[[], int] = lambda: 2_000 * MS,
    ) -> None:
        self._world = world
        self.id = identity
        self.imsi = imsi
        self.number = number
        self.direction = direction
        self.country = country
        self.target: Literal["assistance", "emergency"] | None = None
        self.follows: Call | None = None
        self.trigger: str | None = None
        self.started = world.now
        self.answered_at: int | None = None
        self.ended_at: int | None = None
        self.alerting = world.condition(f"call {identity} alerting")
        self.answered = world.condition(f"call {identity} answered")
        self.ended = world.condition(f"call {identity} ended")
        self.heard = world.condition(f"voice contact in call {identity}")
        self.msd: bytes | None = None
        self.msd_fields: dict[str, Any] | None = None
        self.on_msd: Callable[[Call], None] = lambda _call: None
        self._msd_transfer = msd_transfer
        self._transfers = 0
        self._msd_request: Condition | None = None
        self._uplink = False
        self._speaking = False
        self._downlink = False
        self._voice_change: Condition | None = None

    @property
    def connected(self) -> bool:
        """Whether both sides are on the line now."""
        return self.answered.happened and not self.ended.happened

    @property
    def rings_in_car(self) -> bool:
        """Whether it is a call to the car that rings there now."""
        over = self.answered.happened or self.ended.happened
        return self.direction == "mt" and self.alerting.happened and not over

    @property
    def voice_contact(self) -> bool:
        """Whether the centre has heard somebody in the car."""
        return self.heard.happened

    # How the call goes on

    def alert(self) -> None:
        """It rings at the other side."""
        self.alerting.happen(self._world.now)

    def answer(self) -> None:
        """The called side picks up; without effect where the call is over."""
        if not self.ended.happened and not self.answered.happened:
            self.answered_at = self._world.now
            self.alert()
            self.answered.happen(self.answered_at)
            self._settle_voice()

    def hang_up(self, by: Literal["local", "remote"] = "local") -> None:
        """The car (`local`) or the centre (`remote`) ends the call; without effect where it is over."""
        self.end(by)

    def end(self, reason: EndReason) -> None:
        """The call is over; the first reason stays."""
        if not self.ended.happened:
            self.ended_at = self._world.now
            self.ended.happen(reason)
            self._settle_voice()

    # Voice: both ways are mute while the in-band modem talks (3GPP TS 26.267)

    @property
    def downlink_voice(self) -> bool:
        """Whether the car hears the centre's operator now."""
        return self._downlink

    @property
    def uplink_voice(self) -> bool:
        """Whether the car's microphone hears somebody; the car sets it."""
        return self._uplink

    @uplink_voice.setter
    def uplink_voice(self, heard: bool) -> None:
        self._uplink = heard
        self._settle_voice()

    def speak(self, speaking: bool) -> None:
        """The operator begins or ceases to talk."""
        self._speaking = speaking
        self._settle_voice()

    def voice_changed(self) -> Condition:
        """Happens when `downlink_voice` next changes; its value is the new one."""
        if self._voice_change is None:
            self._voice_change = self._world.condition(f"voice of call {self.id} changed")
        return self._voice_change

    def _settle_voice(self) -> None:
        path = self.connected and not self._transfers
        if path and self._uplink:
            self.heard.happen(self._world.now)
        downlink = path and self._speaking
        if downlink != self._downlink:
            self._downlink = downlink
            if self._voice_change is not None:
                change, self._voice_change = self._voice_change, None
                change.happen(downlink)

    # Minimum set of data

    def send_msd(self, data: bytes, trigger: str) -> Condition:
        """The car sends an encoded MSD (at most 140 bytes) with what triggered it: `sos`, `on_call` or `crash`.

        Happens when the centre has acknowledged it; never, where the call ends before: wait for `ended` beside it.
        """
        if trigger not in TRIGGERS:
            raise ValueError(f"unknown trigger {trigger!r}: expected one of {', '.join(TRIGGERS)}")
        if len(data) > MSD_BYTES_MAX:
            raise ValueError(f"an MSD of {len(data)} bytes: at most {MSD_BYTES_MAX} fit (EN 15722)")
        acknowledged = self._world.condition(f"MSD of call {self.id} acknowledged")
        if self.connected:
            self._transfers += 1
            self._settle_voice()
            self._world.spawn(self._transfer(data, trigger, acknowledged), f"MSD of call {self.id}")
        return acknowledged

    def _transfer(self, data: bytes, trigger: str, acknowledged: Condition) -> Process:
        yield self.ended | self._world.after(self._msd_transfer())
        self._transfers -= 1
        if not self.ended.happened:
            self.msd, self.trigger = data, trigger
            self.on_msd(self)
            acknowledged.happen(True)
        self._settle_voice()

    def request_msd(self) -> None:
        """The centre asks for a new MSD."""
        if self._msd_request is not None:
            request, self._msd_request = self._msd_request, None
            request.happen(self._world.now)

    def msd_requested(self) -> Condition:
        """Happens when the centre next asks for a new MSD."""
        if self._msd_request is None:
            self._msd_request = self._world.condition(f"MSD of call {self.id} requested")
        return self._msd_request
