"""Client of the off-board API: Assistance, emergency centre, app, radio network, and the record of all they did.

Serves every clause seen off-board. Everything the record holds is pulled into the timeline.
"""

from __future__ import annotations

from typing import Any, Literal

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from harness.clock import Clock, WallClock
from harness.clock_offset import EXACT, AskedOffset, Offset
from harness.errors import BenchError
from harness.http_service import HttpService
from harness.timeline import Event, Timeline
from harness.units import S

Centre = Literal["assistance", "emergency"]
CENTRES: tuple[Centre, ...] = ("assistance", "emergency")

SOURCES = frozenset(
    {*CENTRES, "network", "app", "police", "ambulance", "tow", "offboard", "accounts", "delivery_centre", "phones"}
    | {"linking", "connect", "roadside", "provider", "pki", "station", "operator"}
)
"""Whose events the service's clock stamps."""

ROUNDS = 4
"""Questions for the time of day in a row; the fastest answer counts, the first may have to connect."""


ADMISSION = "/admission"
"""Where a served bench takes its token (docs/served-bench.md)."""


INSTANTS = frozenset({"asked", "opened", "alerted", "closed"}) | frozenset(
    {"plugged", "unplugged", "authorised", "stopped", "delivered_from", "delivered_until"}
)
"""Keys of cases, requests and visits to a charging station that are instants."""


class Call(BaseModel):
    """A call as the centre that took it has it; instants in ns of the bench's clock, None where it did not happen."""

    model_config = ConfigDict(frozen=True)  # a newer service may tell more: unknown keys are let pass

    id: int
    number: str
    target: Centre
    country: str
    trigger: Literal["sos", "on_call", "crash"] | None
    started: int
    answered: int | None
    ended: int | None
    end_reason: str | None
    voice_contact: bool
    msd: dict[str, Any] | None
    msd_hex: str | None
    direction: Literal["mo", "mt"] = "mo"


class Country(BaseModel):
    """A country's name and numbers, and a test position in degrees."""

    model_config = ConfigDict(frozen=True)

    name: str
    emergency_number: str
    assistance_number: str
    latitude: float
    longitude: float
    neighbours: tuple[str, ...] = ()


class Offboard(HttpService):
    """Typed calls to the API. Every failure is a `BenchError` that names method, path and answer."""

    def __init__(
        self,
        url: str,
        clock: Clock,
        timeline: Timeline,
        *,
        timeout: int = 10 * S,
        token: str | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        super().__init__(url, clock, timeline, timeout=timeout, token=token, transport=transport)
        self._pulled = 0
        self._begun = 0
        self._calls: dict[Centre, list[Call]] = {}
        self._asked = AskedOffset() if isinstance(clock, WallClock) else None
        self.offset: Offset = self._asked or EXACT
        """Of the service's clock against the bench's; asked for anew while the record is read."""
        if self._asked is not None:
            self._asked.on_step = self._file_step

    def present_token(self) -> None:
        """Have a served bench admit this machine to its raw wires; without a token, or such a door, nothing happens."""
        if "Authorization" in self._client.headers:
            try:
                self.request("POST", ADMISSION)
            except BenchError as error:
                if " answered 404" not in str(error) and " answered 405" not in str(error):
                    raise

    def begin(self) -> None:
        """From now on only what is new counts: the service may have served other tests before this one."""
        self._pulled = int(self.request("GET", "/records/newest")["number"])
        self._begun = self._clock.now()
        self._calls.clear()

    # The world around the car

    def now(self) -> int:
        """The service's own time in ns."""
        return int(self.request("GET", "/clock")["now"])

    def compare_clocks(self) -> Offset:
        """Ask the service a few times what time it is: its offset against the bench's clock, as known then."""
        if self._asked is not None:
            for _ in range(ROUNDS):
                sent = self._clock.now()
                stamp = self.now()
                self._asked.exchange(sent, stamp, self._clock.now())
        return self.offset

    def _file_step(self, by: int) -> None:
        self._timeline.add(Event(self._clock.now(), "offboard", "clock_stepped", {"by_ns": by}))

    def network(self) -> dict[str, Any]:
        """Coverage, country, PLMN and what else the radio network is."""
        return dict(self.request("GET", "/network"))

    def set_network(self, **changes: Any) -> None:
        """Change `coverage` (full, weak, none), `country`, `plmn` or `reject_cause` now."""
        self.request("PUT", "/network", changes)

    def schedule_network(self, after: int, **changes: Any) -> None:
        """Change the network in `after` ns."""
        self.request("POST", "/network/schedule", {"after": after, **changes})

    def forget_schedule(self) -> None:
        """Changes of the network that are still to come do not come any more."""
        self.request("DELETE", "/network/schedule")

    def countries(self) -> dict[str, Country]:
        """The countries there are, by code."""
        found = self.request("GET", "/network/countries")
        return {code: self._parse(Country, country, "/network/countries") for code, country in found.items()}

    def set_position(self, **position: Any) -> None:
        """Where the car is: `latitude`, `longitude` (degrees), `satellites`, `fix`, `accuracy_m`, `heading_deg` ..."""
        self.request("PUT", "/position", position)

    # The centres

    def behaviour(self, centre: Centre) -> dict[str, Any]:
        """How a centre treats calls."""
        return dict(self.request("GET", f"/{centre}"))

    def set_behaviour(self, centre: Centre, **behaviour: Any) -> None:
        """`mode` (answers, busy, unreachable, rings), `answer_delay`, `drop_after` (ns), `speaks`, `countries`."""
        self.request("PUT", f"/{centre}", behaviour)

    def calls(self, centre: Centre, since: int = 0) -> list[Call]:
        """The calls that a centre has had from `since` (ns of the bench's clock) on; also pulls the record.

        Nothing about a call changes without a record, so the calls are asked for again only after a new one.
        """
        self.pull()
        if centre not in self._calls:
            path = f"/{centre}/calls"
            self._calls[centre] = [self._shifted(self._parse(Call, call, path)) for call in self.request("GET", path)]
        return [call for call in self._calls[centre] if call.started >= max(since, self._begun)]

    def connected(self, centre: Centre) -> list[int]:
        """The calls that a centre is in now, whoever's test they belong to."""
        calls = [self._parse(Call, call, f"/{centre}/calls") for call in self.request("GET", f"/{centre}/calls")]
        return [call.id for call in calls if call.answered is not None and call.ended is None]

    def hang_up(self, centre: Centre, call: int) -> None:
        """The centre ends a call."""
        self.request("POST", f"/{centre}/calls/{call}/hang-up")

    def call_back(self, centre: Centre = "assistance") -> None:
        """The centre calls the car; ask the interlock before."""
        self.request("POST", f"/{centre}/call-back")

    def give_up(self, centre: Centre) -> None:
        """The centre seeks none of the cars any more whose calls broke until now."""
        self.request("DELETE", f"/{centre}/call-back")

    def hand_over(self, case: int, service: Literal["police", "ambulance", "tow"]) -> None:
        """The operator decides which service a case needs."""
        self.request("POST", f"/assistance/cases/{case}/hand-over", {"service": service})

    def close_case(self, case: int, *, emergency: bool) -> None:
        """The operator closes a case, and says whether it was an emergency."""
        self.request("POST", f"/assistance/cases/{case}/close", {"emergency": emergency})

    def cases(self) -> list[dict[str, Any]]:
        """The cases of Assistance, those of earlier tests among them."""
        return [self._of_bench(case) for case in self.request("GET", "/assistance/cases")]

    def speak(self, call: int, *, speaking: bool) -> None:
        """The operator talks in a call, or keeps silent."""
        self.request("POST", f"/voice/calls/{call}", {"speaking": speaking})

    # The app

    def ask_for_help(self, kind: str, **more: Any) -> dict[str, Any]:
        """Help asked for in the app; with the case that came of it."""
        return self._of_bench(self.request("POST", "/app/requests", {"kind": kind, **more}))

    def help_requests(self) -> list[dict[str, Any]]:
        """What was asked for in the app since the bench was opened."""
        asked = [self._of_bench(request) for request in self.request("GET", "/app/requests")]
        return [request for request in asked if request["asked"] >= self._begun]

    # The charging station

    def charging_visits(self) -> list[dict[str, Any]]:
        """What the station logged of each car that was plugged in, earlier tests' visits among them."""
        return [self._of_bench(visit) for visit in self.request("GET", "/station/sessions")]

    # The record

    def pull(self) -> None:
        """Take what is new in the record into the timeline."""
        if self._asked is not None and self._asked.due(self._clock.now()):
            self.compare_clocks()
        for record in self.request("GET", f"/records?after={self._pulled}"):
            self._pulled = max(self._pulled, record["number"])
            self._calls.clear()
            time = self._instant(record["time"])
            self._timeline.add(Event(time, record["source"], record["kind"], record["data"], "instrument"))

    def _instant(self, time: int) -> int:
        """A time of the service on the bench's clock."""
        if not self.offset.known:
            self.compare_clocks()
        return self.offset.instant(time)

    def _shifted(self, call: Call) -> Call:
        if self.offset is EXACT:
            return call
        times = {key: getattr(call, key) for key in ("started", "answered", "ended")}
        return call.model_copy(
            update={key: None if time is None else self._instant(time) for key, time in times.items()}
        )

    def _of_bench(self, told: dict[str, Any]) -> dict[str, Any]:
        """A case, or a request with its case, its instants on the bench's clock."""
        return {
            key: self._of_bench(value)
            if key == "case" and value
            else self._instant(value)
            if key in INSTANTS and value is not None
            else value
            for key, value in told.items()
        }

    def _parse(self, model: type[Any], content: object, path: str) -> Any:
        try:
            return model.model_validate(content)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(map(str, first["loc"]))
            raise BenchError(
                f"GET {path} at {self.url} answered something else than promised: {where}: {first['msg']}"
            ) from error
