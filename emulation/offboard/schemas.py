"""The JSON of the off-board API: what it takes (unknown keys are refused) and what it answers."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from emulation.offboard.app import HelpKind
from emulation.offboard.assistance import Service
from emulation.offboard.calls import Direction, EndReason
from emulation.offboard.cell import Coverage
from emulation.offboard.centre import Mode, Target
from emulation.offboard.countries import country
from emulation.offboard.roadside import Bill, Quote


def _known(code: str) -> str:
    return country(code).code


Nanoseconds = Annotated[int, Field(ge=0, lt=1 << 62, description="ns of the bench's time")]
Latitude = Annotated[float, Field(ge=-90, le=90, description="degrees, north positive")]
Longitude = Annotated[float, Field(ge=-180, le=180, description="degrees, east positive")]
CountryCode = Annotated[str, AfterValidator(_known), Field(description="ISO 3166-1, one of GET /network/countries")]
Plmn = Annotated[str, Field(pattern=r"^\d{5,6}$", description="MCC and MNC")]


class Schema(BaseModel):
    """Refuses keys that it does not know, and values of another type."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Problem(Schema):
    """Every error has this form (RFC 9457); `errors` says where a request body or parameter is wrong."""

    title: str
    status: int
    detail: str
    errors: list[str] = []


class Now(Schema):
    """The bench's time."""

    now: Nanoseconds


class NetworkChange(Schema):
    """What changes around the car; what is left out stays."""

    coverage: Coverage | None = None
    country: CountryCode | None = None
    plmn: Plmn | None = None


class NetworkSetting(NetworkChange):
    """`reject_cause`: EMM cause that attach requests are rejected with (TS 24.301, for example 11); null accepts."""

    reject_cause: Annotated[int, Field(ge=1, le=255)] | None = None


class NetworkState(Schema):
    """The network as the car meets it; `rsrp_dbm` is null where nothing is received."""

    coverage: Coverage
    country: str
    plmn: str
    reject_cause: int | None
    cell_on: bool
    rsrp_dbm: float | None


class ScheduledChange(NetworkChange):
    """A change in `after` ns: coverage back, a border crossed."""

    after: Nanoseconds


class CountryState(Schema):
    """A country's numbers, its test position in degrees, and its neighbours by code."""

    name: str
    emergency_number: str
    assistance_number: str
    latitude: float
    longitude: float
    neighbours: tuple[str, ...]
    plug_and_charge: bool


class PositionChange(Schema):
    """Where the car is and what its GNSS receiver can see; what is left out stays."""

    latitude: Latitude | None = None
    longitude: Longitude | None = None
    satellites: Annotated[int, Field(ge=0, le=32)] | None = None
    fix: bool | None = None
    accuracy_m: Annotated[float, Field(gt=0, le=100_000)] | None = None
    speed_kmh: Annotated[float, Field(ge=0, le=500)] | None = None
    heading_deg: Annotated[float, Field(ge=0, lt=360)] | None = None
    altitude_m: Annotated[float, Field(ge=-500, le=9_000)] | None = None
    antenna: bool | None = None


class PositionState(Schema):
    """Where the car is and what its GNSS receiver can see."""

    latitude: float
    longitude: float
    satellites: int
    fix: bool
    accuracy_m: float
    speed_kmh: float
    heading_deg: float
    altitude_m: float
    antenna: bool


class BehaviourChange(Schema):
    """How a centre treats calls from now on; what is left out stays, null in the last two means always and never."""

    mode: Mode | None = None
    answer_delay: Nanoseconds | None = None
    speaks: bool | None = None
    drop_after: Nanoseconds | None = None
    countries: list[CountryCode] | None = None


class BehaviourState(Schema):
    """How a centre treats calls; `countries` are those it can be reached in, null for all."""

    mode: Mode
    answer_delay: Nanoseconds
    speaks: bool
    drop_after: Nanoseconds | None
    countries: tuple[str, ...] | None


class CallState(Schema):
    """A call that reached a centre or was made by it; instants are null where it did not happen."""

    id: int
    number: str
    direction: Direction
    target: Target
    country: str
    trigger: str | None
    started: Nanoseconds
    answered: Nanoseconds | None
    ended: Nanoseconds | None
    end_reason: EndReason | None
    voice_contact: bool
    msd: dict[str, Any] | None
    msd_hex: str | None


class Place(Schema):
    """A position in degrees; `trusted`: whether its source vouches for it."""

    latitude: Latitude
    longitude: Longitude
    trusted: bool = True


class CaseState(Schema):
    """A need for help as Assistance keeps it; `origin` is sos, on_call, crash or app, null until an MSD says so.

    `quote`: what the owner was asked to pay before help is sent, null where nothing; `bill`: what it cost, once sent.
    """

    id: int
    origin: str | None
    kind: HelpKind | None
    opened: Nanoseconds
    calls: list[int]
    voice_contact: bool
    position: Place | None
    vin: str | None
    alerted: Nanoseconds | None
    services: list[str]
    closed: Nanoseconds | None
    emergency: bool | None
    misuse: bool
    quote: Quote | None
    bill: Bill | None


class HandOver(Schema):
    """The service that the operator decided on."""

    service: Service


class Closing(Schema):
    """Whether the case was an emergency, as the operator found."""

    emergency: bool


class CallBack(Schema):
    """The call to follow up; null for the newest one."""

    call: int | None = None


class HelpRequest(Schema):
    """Help asked for in the app; without a position the phone says where it is."""

    kind: HelpKind
    position: Place | None = None


class HelpRequestState(Schema):
    """A request at `asked` (ns) and the case that came of it."""

    kind: HelpKind
    asked: Nanoseconds
    case: CaseState | None


class Voice(Schema):
    """Whether the operator talks."""

    speaking: bool


class Newest(Schema):
    """The number of the newest record; 0 where there is none."""

    number: int


class RecordState(Schema):
    """One event; `number` counts from 1; `source` is who did it (docs/interfaces.md lists them)."""

    number: int
    time: Nanoseconds
    source: str
    kind: str
    data: dict[str, Any]
