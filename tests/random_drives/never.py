"""What must never happen, whatever anybody does: each rule looks at the history, and at what was done."""

from __future__ import annotations

import json
from collections.abc import Iterator

from fixtures.stage import Stage
from harness.actors.owner import GUEST_PASSWORD, OWNER_PASSWORD, OWNER_PIN
from harness.catalogue import limit
from harness.timeline import Event
from harness.units import MIN, MS, S
from tests.random_drives.story import Story

ACT = 1_500 * MS
"""So soon after an act its effect is on CAN: a press, debouncing, a cycle."""
LATE = 30 * MIN
"""Redials, call-backs and the fall-back to the emergency number belong to a trigger of so long ago at most."""
ON_ITS_WAY = 15 * S
"""What left before the key switched the alarm off may still arrive: the slowest way of a message."""

CALL = {"sos": "SOS", "on_call": "ON CALL", "crash": "crash"}
"""Kind of act that may lead to a call, by the trigger that the call names."""
SECRETS = (OWNER_PASSWORD, GUEST_PASSWORD, "001010123456789")
DISABLED = "DISABLED_REMOTELY"
ASKS = "C"
"""Pilot state in which the car asks for current (IEC 61851-1)."""


class Never:
    """Looks at everything that is new; each finding is a sentence, which rule was broken before its colon."""

    def __init__(self, stage: Stage, story: Story) -> None:
        self._stage = stage
        self._story = story
        self._seen = stage.bench.clock.now()

    def look(self) -> list[str]:
        """What has happened since the last look that never may. Called when acts have had their effect."""
        begin, self._seen = self._seen, self._stage.bench.clock.now()
        self._stage.bench.offboard.pull()
        return [
            *self._calls(),
            *self._unlocking(begin),
            *self._starting(begin),
            *self._immobiliser(begin),
            *self._charging(begin),
            *self._administrators(),
            *self._messages(begin),
        ]

    def secrets(self) -> list[str]:
        """Secrets in clear anywhere in what was kept; asked once, at the end."""
        timeline = self._stage.bench.timeline
        text = json.dumps([event._asdict() for event in timeline.events()], default=str)
        found = [f"a secret stands in the record: {secret[:3]}..." for secret in SECRETS if secret in text]
        if any(OWNER_PIN in values(event) for event in timeline.events()):
            found.append("a secret stands in the record: the owner's PIN")
        return found

    def _calls(self) -> Iterator[str]:
        for centre in (self._stage.operator, self._stage.emergency_centre):
            for call in centre.calls(0):
                if call.direction != "mo":
                    continue
                ended = self._stage.bench.clock.now() if call.ended is None else call.ended
                named = tuple(CALL.values()) if call.trigger is None else (CALL[call.trigger],)
                begun = self._story.since(call.started - LATE, call.started, *CALL.values())
                if not begun or not self._story.since(call.started - LATE, ended, *named):  # a crash may come meanwhile
                    yield f"a call nobody triggered: {centre.centre} was called ({call.trigger}) at {at(call.started)}"

    def _unlocking(self, begin: int) -> Iterator[str]:
        timeline, story = self._stage.bench.timeline, self._story
        for change in timeline.signal("CEM_Lock.State", begin):
            before = timeline.value("CEM_Lock.State", at=change.time - 1)
            if change.value != "UNLOCKED" or before is None or before.value != "LOCKED":
                continue
            told = timeline.value("CEM_Lock.LastCause", at=change.time)
            cause = str(told.value) if told else "NONE"
            since = change.time - ACT
            handle = story.since(since, change.time, "handle")
            allowed = {
                "KEY": bool(story.since(since, change.time, "key unlocks")),
                "HANDLE": bool(handle) and bool(story.since(since, change.time, "handle with a key")),
                "REMOTE": bool(handle) and self._verified(change.time),
                "CRASH": bool(story.since(since, change.time, "crash")),
            }
            if not allowed.get(cause, False):
                yield f"unlocked without a key or a verified PIN: cause {cause} at {at(change.time)}"

    def _verified(self, time: int) -> bool:
        longest = limit("unlock_signal") + limit("relock") + ACT
        return bool(self._story.since(time - longest, time, "PIN verified"))

    def _starting(self, begin: int) -> Iterator[str]:
        timeline = self._stage.bench.timeline
        for change in timeline.signal("CEM_Ignition.Mode", begin):
            state = timeline.value("CEM_Keys.Immobiliser", at=change.time)
            before = timeline.value("CEM_Ignition.Mode", at=change.time - 1)
            started = change.value == "RUNNING" and before is not None and before.value != "RUNNING"
            if started and state is not None and state.value != "RELEASED":
                yield f"the engine started while the immobiliser was {state.value}: at {at(change.time)}"

    def _immobiliser(self, begin: int) -> Iterator[str]:
        """Either signal may be on its way for hours: it is enough that it was decided on at any time before."""
        timeline = self._stage.bench.timeline
        for change in timeline.signal("CEM_Keys.Immobiliser", begin):
            before = timeline.value("CEM_Keys.Immobiliser", at=change.time - 1)
            was, told = before is not None and before.value == DISABLED, change.value == DISABLED
            if told and not was and not self._story.since(0, change.time, "disables"):
                yield f"keys disabled and the authorities had not agreed: at {at(change.time)}"
            if was and not told and not self._story.since(0, change.time, "release PIN"):
                yield f"keys released without the PIN: at {at(change.time)}"

    def _charging(self, begin: int) -> Iterator[str]:
        timeline = self._stage.bench.timeline
        for change in timeline.signal("OBC_Charging.Pilot", begin):
            before = timeline.value("OBC_Charging.Pilot", at=change.time - 1)
            if change.value != ASKS or (before is not None and before.value == ASKS):
                continue
            if not self._paid(change.time):
                yield f"current asked for without authorisation: at {at(change.time)}"

    def _paid(self, time: int) -> bool:
        """Whether the station has authorised this visit, and by a card only where one was held to it."""
        plugged = [act.time for act in self._story.acts if act.kind == "plugged in" and act.time <= time]
        if not plugged:
            return False
        told = self._stage.bench.timeline.events("station", "authorised", plugged[-1], time)
        carded = bool(self._story.since(plugged[-1], time, "card"))
        return any(carded or event.data["payment"] == "contract" for event in told)

    def _administrators(self) -> Iterator[str]:
        links = self._stage.bench.offboard.request("GET", "/linking")["links"]
        administrators = {link["account"] for link in links if link["administrator"]}
        if len(administrators) > 1:
            yield f"one car has several administrators: {', '.join(sorted(administrators))}"

    def _messages(self, begin: int) -> Iterator[str]:
        timeline = self._stage.bench.timeline
        told = [*timeline.events("phones", "message", begin), *timeline.events("phones", "push", begin)]
        for event in (event for event in told if event.data["kind"] == "theft"):
            states = timeline.signal("CEM_Alarm.State", 0, event.time)
            alarms = [each.time for each in states if each.value == "TRIGGERED"]
            disarmed = self._story.since(alarms[-1] if alarms else 0, event.time - ON_ITS_WAY, "disarmed by key")
            if not alarms or disarmed:
                yield f"a {event.kind} about a theft after the key had switched the alarm off: at {at(event.time)}"


def values(event: Event) -> list[str]:
    """What an event says, each value by itself."""
    return [str(value) for value in event.data.values()]


def at(time: int) -> str:
    """An instant as the story has it."""
    return f"{time / S:.3f} s"
