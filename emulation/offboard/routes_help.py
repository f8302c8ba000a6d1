"""Off-board API: those who help (assistance centre, emergency centre, app), their calls, cases and voices."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException
from fastapi import Request as HttpRequest

from emulation.bench import EmulatedBench
from emulation.offboard import schemas
from emulation.offboard.app import Request
from emulation.offboard.assistance import AssistanceCentre, Case, Place
from emulation.offboard.binding import Bench
from emulation.offboard.calls import Call
from emulation.offboard.centre import CallCentre

centres = APIRouter()
"""Included once for each centre, with its name as the prefix."""
cases = APIRouter(prefix="/assistance/cases", tags=["assistance"])
app = APIRouter(prefix="/app", tags=["app"])
voice = APIRouter(prefix="/voice", tags=["voice"])


async def _centre(bench: Bench, request: HttpRequest) -> Any:
    return bench.parts[request.scope["path"].split("/")[1]]


Centre = Annotated[CallCentre, Depends(_centre)]


@centres.get("")
async def read_behaviour(centre: Centre) -> schemas.BehaviourState:
    """How the centre treats calls."""
    return schemas.BehaviourState(**asdict(centre.behaviour))


@centres.put("")
async def change_behaviour(centre: Centre, change: schemas.BehaviourChange) -> schemas.BehaviourState:
    """How it shall treat calls from now on."""
    given = {key: getattr(change, key) for key in change.model_fields_set}
    for key in ("mode", "answer_delay", "speaks"):  # null means nothing in these: leave them as they are
        if given.get(key, ...) is None:
            del given[key]
    if given.get("countries") is not None:
        given["countries"] = tuple(given["countries"])
    centre.behaviour = replace(centre.behaviour, **given)
    return schemas.BehaviourState(**asdict(centre.behaviour))


@centres.get("/calls")
async def read_calls(centre: Centre) -> list[schemas.CallState]:
    """Every call that came to the centre or from it, oldest first."""
    return [_call(call) for call in centre.calls]


@centres.post("/calls/{identity}/hang-up")
async def hang_up(centre: Centre, identity: int) -> schemas.CallState:
    """The centre ends the call."""
    call = _open_call(centre.calls, identity)
    call.hang_up(by="remote")
    return _call(call)


@centres.post("/calls/{identity}/request-msd")
async def request_msd(centre: Centre, identity: int) -> schemas.CallState:
    """The centre asks the car for a new MSD."""
    call = _open_call(centre.calls, identity)
    call.request_msd()
    return _call(call)


@centres.delete("/call-back", status_code=204)
async def give_up(centre: Centre) -> None:
    """Call back no car any more whose call broke until now."""
    centre.give_up()


@centres.post("/call-back")
async def call_back(centre: Centre, which: schemas.CallBack | None = None) -> schemas.CallState:
    """The centre rings the car that a call was with, by default the newest; answers the new call."""
    if which is not None and which.call is not None:
        return _call(centre.call_back(_find_call(centre.calls, which.call)))
    if not centre.calls:
        raise HTTPException(409, f"nobody to call back: no call has reached {centre.name} yet")
    return _call(centre.call_back(centre.calls[-1]))


def _find_call(calls: list[Call], identity: int) -> Call:
    for call in calls:
        if call.id == identity:
            return call
    known = ", ".join(str(call.id) for call in calls) or "none yet"
    raise HTTPException(404, f"no call {identity} here; the calls are: {known}")


def _open_call(calls: list[Call], identity: int) -> Call:
    call = _find_call(calls, identity)
    if not call.connected:
        state = f"ended ({call.ended.value})" if call.ended.happened else "not answered yet"
        raise HTTPException(409, f"call {identity} is {state}; this needs a connected call")
    return call


def _call(call: Call) -> schemas.CallState:
    assert call.target is not None  # a centre has it
    return schemas.CallState(
        id=call.id,
        number=call.number,
        direction=call.direction,
        target=call.target,
        country=call.country,
        trigger=call.trigger,
        started=call.started,
        answered=call.answered_at,
        ended=call.ended_at,
        end_reason=call.ended.value,
        voice_contact=call.voice_contact,
        msd=call.msd_fields,
        msd_hex=None if call.msd is None else call.msd.hex(),
    )


# Cases of Assistance


@cases.get("")
async def read_cases(bench: Bench) -> list[schemas.CaseState]:
    """Every case, oldest first."""
    return [case_state(case) for case in bench.parts["assistance"].cases]


@cases.post("/{identity}/hand-over")
async def hand_over(bench: Bench, identity: int, decision: schemas.HandOver) -> schemas.CaseState:
    """Pass the case (its own identity, or that of one of its calls) on to a service."""
    assistance, case = open_case(bench, identity)
    assistance.hand_over(case, decision.service)
    return case_state(case)


@cases.post("/{identity}/close")
async def close_case(bench: Bench, identity: int, closing: schemas.Closing) -> schemas.CaseState:
    """Close the case, saying whether it was an emergency."""
    assistance, case = open_case(bench, identity)
    assistance.close(case, closing.emergency)
    return case_state(case)


def open_case(bench: EmulatedBench, identity: int) -> tuple[AssistanceCentre, Case]:
    """The case of that identity, or of that call, and who keeps it; 404 where there is none, 409 where it is closed."""
    assistance: AssistanceCentre = bench.parts["assistance"]
    case = assistance.case(identity)
    if case is None:
        known = ", ".join(str(case.id) for case in assistance.cases) or "none yet"
        raise HTTPException(404, f"no case {identity}, and no answered call of that number; the cases are: {known}")
    if case.closed is not None:
        raise HTTPException(409, f"case {case.id} was closed at {case.closed} ns")
    return assistance, case


def case_state(case: Case) -> schemas.CaseState:
    """The case as the API tells it."""
    state = {name: getattr(case, name) for name in schemas.CaseState.model_fields}
    state["calls"] = [call.id for call in case.calls]
    state["position"] = case.position and asdict(case.position)
    return schemas.CaseState(**state)


# App and voice


@app.get("/requests")
async def read_requests(bench: Bench) -> list[schemas.HelpRequestState]:
    """Every request for help made in the app, oldest first."""
    return [_request(request) for request in bench.parts["app"].requests]


@app.post("/requests", status_code=201)
async def ask_for_help(bench: Bench, wanted: schemas.HelpRequest) -> schemas.HelpRequestState:
    """Ask for help in the app."""
    place = wanted.position and Place(**wanted.position.model_dump())
    return _request(bench.parts["app"].request(wanted.kind, place))


def _request(request: Request) -> schemas.HelpRequestState:
    case = None if request.case is None else case_state(request.case)
    return schemas.HelpRequestState(kind=request.kind, asked=request.asked, case=case)


@voice.post("/calls/{identity}")
async def set_voice(bench: Bench, identity: int, operator: schemas.Voice) -> schemas.CallState:
    """The operator of a call begins or ceases to talk."""
    call = _open_call([*bench.parts["assistance"].calls, *bench.parts["emergency"].calls], identity)
    call.speak(operator.speaking)
    return _call(call)
