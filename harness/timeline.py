"""Everything a bench observed, in order of time: what verdicts are taken from, now or long after (all clauses).

Frames are kept raw, one track for each identifier, and decoded when asked; everything else is an `Event`. A verdict
is a question to the history (*was it ever?*, *did it stay?*), never a look at the latest value.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from difflib import get_close_matches
from heapq import merge
from operator import attrgetter
from typing import Any, Literal, NamedTuple, TypeAlias

from cantools.database import Database, Message

from harness.errors import BenchError
from harness.history import Change, History, Track, Value

Quality: TypeAlias = Literal["hardware", "instrument", "host"]
"""Who stamped an event: the interface's own clock, an instrument's timebase, or the computer when it came to look."""

FOREVER = 1 << 62

# What a frame is besides a classic data frame with an 11-bit identifier.
EXTENDED, FD, BIT_RATE_SWITCH, ERROR_STATE, REMOTE, ERROR = 1, 2, 4, 8, 16, 32


class Event(NamedTuple):
    """Something that happened at `time` (ns): `source` is who (`tester`, `modem`, `assistance`), `kind` what."""

    time: int
    source: str
    kind: str
    data: Mapping[str, Any] = {}
    quality: Quality = "host"


class Frame(NamedTuple):
    """A CAN frame as it was received; `time` in ns, `flags` as the recorder gave them (0: classic data frame)."""

    time: int
    network: str
    identifier: int
    data: bytes
    flags: int = 0


class Timeline:
    """Events and frames of one bench. Windows are closed intervals [`since`, `until`] in ns."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._tracks: dict[tuple[str, int, int], Track] = {}
        self._payloads: dict[bytes, bytes] = {}
        self._databases: dict[str, Database] = {}
        self._histories: dict[str, History] = {}
        self.forgetting: Callable[[], AbstractContextManager[None]] = nullcontext
        """What `forget` does its work within: for whoever keeps all of it elsewhere, perhaps in another thread."""

    # What is put in

    def know(self, network: str, database: Database) -> None:
        """Frames of `network` are decoded with `database` from now on."""
        self._databases[network] = database
        self._histories.clear()

    def add(self, event: Event) -> None:
        """File `event`; one that is reported late finds its place by its time."""
        if self._events and event.time < self._events[-1].time:
            insort(self._events, event, key=attrgetter("time"))
        else:
            self._events.append(event)

    def note(self, time: int, kind: str, **data: Any) -> None:
        """File an act of the tester's own."""
        self.add(Event(time, "tester", kind, data))

    def add_frame(self, network: str, time: int, identifier: int, data: bytes, flags: int = 0) -> None:
        """File a raw frame: a look-up and two appends, as there are thousands a second. In order of time."""
        try:
            track = self._tracks[network, identifier, flags]
        except KeyError:
            track = self._tracks[network, identifier, flags] = Track()
        track.times.append(time)
        track.payloads.append(self._payloads.setdefault(data, data))

    def forget(self) -> None:
        """Drop everything filed until now: it belongs to somebody else's test."""
        with self.forgetting():
            self._events.clear()
            self._tracks.clear()
            self._payloads.clear()
            self._histories.clear()

    # What is asked

    def events(
        self, source: str | None = None, kind: str | None = None, since: int = 0, until: int = FOREVER
    ) -> list[Event]:
        """The events of the window, all or those of one source and kind."""
        first = bisect_left(self._events, since, key=attrgetter("time"))
        found = []
        for event in self._events[first:] if first else self._events:
            if event.time > until:
                break
            if (source is None or event.source == source) and (kind is None or event.kind == kind):
                found.append(event)
        return found

    def frames(
        self, network: str | None = None, message: str | int | None = None, since: int = 0, until: int = FOREVER
    ) -> Iterator[Frame]:
        """The frames of the window in order of time: all, of one network, or of one message (name or identifier)."""
        if isinstance(message, str):
            network, known = self._message(message if network is None else f"{network}/{message}")
            message = known.frame_id
        wanted = [
            self._cut(key, track, since, until)
            for key, track in self._tracks.items()
            if (network is None or key[0] == network) and (message is None or key[1] == message)
        ]
        return iter(merge(*wanted))

    def tracks(self, network: str) -> list[tuple[int, int, Track]]:
        """Identifier, flags and frames of each message of a network; for whoever takes frames in bulk."""
        return [(key[1], key[2], track) for key, track in tuple(self._tracks.items()) if key[0] == network]

    @staticmethod
    def _cut(key: tuple[str, int, int], track: Track, since: int, until: int) -> Iterator[Frame]:
        network, identifier, flags = key
        for index in range(bisect_left(track.times, since), bisect_right(track.times, until)):
            yield Frame(track.times[index], network, identifier, track.payloads[index], flags)

    def signal(self, name: str, since: int = 0, until: int = FOREVER) -> list[Change]:
        """What `Message.Signal` was in the window: the first value seen in it, then every change.

        `network/Message.Signal` where two networks have such a message. Empty where no frame came in the window.
        """
        track, history = self._history(name)
        if history is None:
            return []
        first = bisect_left(track.times, since)
        if first == len(track.times) or track.times[first] > until:
            return []
        history.catch_up()
        begin = bisect_right(history.times, track.times[first])
        end = bisect_right(history.times, until)
        changes = [Change(track.times[first], history.values[begin - 1])]
        changes += map(Change, history.times[begin:end], history.values[begin:end])
        return changes

    def value(self, name: str, at: int = FOREVER) -> Change | None:
        """The newest frame's value of a signal at an instant, with the time of that frame; None before the first."""
        track, history = self._history(name)
        count = bisect_right(track.times, at)
        if history is None or count == 0:
            return None
        history.catch_up()
        newest = track.times[count - 1]
        return Change(newest, history.values[bisect_right(history.times, newest) - 1])

    def first(self, name: str, value: Value, since: int = 0, until: int = FOREVER) -> int | None:
        """When the signal first had `value` in the window, or None."""
        return next((change.time for change in self.signal(name, since, until) if change.value == value), None)

    def last(self, name: str, value: Value, since: int = 0, until: int = FOREVER) -> int | None:
        """When the signal last became `value` in the window, or None."""
        return next((c.time for c in reversed(self.signal(name, since, until)) if c.value == value), None)

    def was(self, name: str, value: Value, since: int = 0, until: int = FOREVER) -> bool:
        """Whether the signal ever had `value` in the window, however briefly."""
        return self.first(name, value, since, until) is not None

    def stays(self, name: str, value: Value, since: int = 0, until: int = FOREVER) -> bool:
        """Whether every frame of the window carried `value`, and there was one: silence proves nothing."""
        changes = self.signal(name, since, until)
        return bool(changes) and all(change.value == value for change in changes)

    def merged(self, since: int = 0, until: int = FOREVER) -> Iterator[Event | Frame]:
        """Events and frames of the window together, in order of time."""
        return merge(self.events(since=since, until=until), self.frames(since=since, until=until), key=_time)

    @property
    def end(self) -> int:
        """The latest instant on the timeline, in ns; 0 where it is empty."""
        latest = [track.times[-1] for track in self._tracks.values()]
        return max([*latest, self._events[-1].time if self._events else 0])

    # What is kept

    def digest(self) -> str:
        """SHA-256 over every event and frame: equal for two runs that were the same run."""
        sha = hashlib.sha256()
        for entry in self.merged():
            if isinstance(entry, Frame):
                sha.update(b"%d %s %x %s %d\n" % (*_plain(entry), entry.flags))
            else:
                sha.update(json.dumps(entry, sort_keys=True, default=str).encode() + b"\n")
        return sha.hexdigest()

    def to_json(self) -> str:
        """The whole timeline as text; `from_json` and `know` give the same answers again."""
        tracks = [
            {
                "network": network,
                "identifier": identifier,
                "flags": flags,
                "times": track.times.tolist(),
                "payloads": [payload.hex() for payload in track.payloads],
            }
            for (network, identifier, flags), track in self._tracks.items()
        ]
        return json.dumps({"events": [event._asdict() for event in self._events], "tracks": tracks}, default=str)

    @classmethod
    def from_json(cls, text: str) -> Timeline:
        """A recorded timeline, to be judged again off the bench. Raises `BenchError` where `text` is none."""
        timeline = cls()
        try:
            recorded = json.loads(text)
            for event in recorded["events"]:
                timeline.add(Event(**event))
            for track in recorded["tracks"]:
                for time, payload in zip(track["times"], track["payloads"], strict=True):
                    timeline.add_frame(
                        track["network"], time, track["identifier"], bytes.fromhex(payload), track["flags"]
                    )
        except (KeyError, TypeError, ValueError) as error:
            raise BenchError(
                f"no recorded timeline ({type(error).__name__}: {error}): expected what Timeline.to_json() wrote"
            ) from error
        return timeline

    def _message(self, name: str) -> tuple[str, Message]:
        network, _, message = name.rpartition("/")
        found = {
            known: database.get_message_by_name(message)
            for known, database in self._databases.items()
            if network in ("", known) and message in {each.name for each in database.messages}
        }
        if len(found) == 1:
            return next(iter(found.items()))
        if found:
            raise BenchError(
                f"{message} is on the networks {', '.join(found)}: name one, as in {next(iter(found))}/{name}"
            )
        names = [each.name for database in self._databases.values() for each in database.messages]
        raise BenchError(f"no network of this bench has a message {message!r}{_nearest(message, names)}")

    def _history(self, name: str) -> tuple[Track, History | None]:
        """The track and the decoded history of a signal; no history while no frame of it has come."""
        if name in self._histories:
            history = self._histories[name]
            return history.track, history
        message_name, _, signal = name.rpartition(".")
        network, message = self._message(message_name)
        if signal not in message.signal_tree:
            raise BenchError(f"{message.name} has no signal {signal!r}{_nearest(signal, message.signal_tree)}")
        extended = EXTENDED * message.is_extended_frame
        for form in (0, FD, FD | BIT_RATE_SWITCH):
            track = self._tracks.get((network, message.frame_id, extended | form))
            if track is not None:
                self._histories[name] = History(track, message, signal)
                return track, self._histories[name]
        return Track(), None


def _plain(frame: Frame) -> tuple[int, bytes, int, bytes]:
    return frame.time, frame.network.encode(), frame.identifier, frame.data.hex().encode()


def _time(entry: Event | Frame) -> int:
    return entry.time


def _nearest(name: str, names: Any) -> str:
    close = get_close_matches(name, [str(each) for each in names], n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
