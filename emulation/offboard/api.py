"""The off-board HTTP API: one FastAPI application a process, bound to a bench by each request.

Handlers act on the world at its present instant and never wait: time passes only where the bench's clock says so.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from functools import cache
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException as StarletteHTTPException

from emulation.bench import EmulatedBench
from emulation.offboard import schemas
from emulation.offboard.binding import BENCH
from emulation.offboard.routes_accounts import accounts, delivery_centre
from emulation.offboard.routes_bench import bench_itself
from emulation.offboard.routes_charging import charging
from emulation.offboard.routes_help import app as app_routes
from emulation.offboard.routes_help import cases, centres, voice
from emulation.offboard.routes_linking import linking
from emulation.offboard.routes_phones import phones
from emulation.offboard.routes_provider import provider
from emulation.offboard.routes_records import recorded
from emulation.offboard.routes_remote import connect, immobilisations, remote_unlocks
from emulation.offboard.routes_roadside import roadside
from emulation.offboard.routes_surroundings import surroundings
from emulation.offboard.routes_theft import theft
from emulation.offboard.routes_world import world

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Message, Receive, Send], Coroutine[Any, Any, None]]

PROBLEMS: dict[int | str, dict[str, Any]] = {
    404: {"model": schemas.Problem, "description": "No such call, case or path"},
    409: {"model": schemas.Problem, "description": "Not possible in the present state"},
    422: {"model": schemas.Problem, "description": "The request does not fit this description"},
}


def create_app(bench: EmulatedBench) -> Asgi:
    """An ASGI application that answers for `bench`; cheap, as the routes are made once a process.

    The world is held from the moment a request is complete until its answer is known (on wall time it runs in another
    thread), never while a client is slow.
    """

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application()(scope, receive, send)
            return
        request = [await receive()]
        while request[-1].get("more_body"):
            request.append(await receive())
        answer: list[Message] = []

        async def replay() -> Message:
            return request.pop(0)

        async def keep(message: Message) -> None:
            answer.append(message)

        scope[BENCH] = bench
        with bench.world.lock:
            await application()(scope, replay, keep)
        for message in answer:
            await send(message)

    return app


@cache
def application() -> FastAPI:
    """The routes, with their OpenAPI description at /openapi.json."""
    app = FastAPI(
        title="Connect HIL off-board world",
        version="1.0.0",
        description=__doc__,
        responses=PROBLEMS,
        docs_url=None,  # its page loads scripts from the Internet
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers={StarletteHTTPException: _refused, RequestValidationError: _misfit},
    )
    app.include_router(recorded)  # first, as routes are tried in order and /records is asked most
    app.include_router(surroundings)
    for name in ("assistance", "emergency"):
        app.include_router(centres, prefix=f"/{name}", tags=[name])
    for router in (
        cases,
        app_routes,
        voice,
        roadside,
        bench_itself,
        world,
        accounts,
        delivery_centre,
        phones,
        linking,
        theft,
        connect,
        remote_unlocks,
        immobilisations,
        provider,
        charging,
    ):
        app.include_router(router)
    return app


def _problem(status: int, title: str, detail: str, errors: list[str]) -> JSONResponse:
    problem = schemas.Problem(title=title, status=status, detail=detail, errors=errors)
    return JSONResponse(problem.model_dump(), status, media_type="application/problem+json")


async def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, StarletteHTTPException)  # what it is registered for
    title = {404: "Not found", 405: "Method not allowed", 409: "Conflict"}.get(error.status_code, "Refused")
    detail = error.detail
    if detail in {"Not Found", "Method Not Allowed"}:
        detail = f"{request.method} {request.url.path} is not part of this API; GET /openapi.json lists what is"
    return _problem(error.status_code, title, detail, [])


async def _misfit(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # what it is registered for
    errors = [f"{'.'.join(str(part) for part in wrong['loc'])}: {wrong['msg']}" for wrong in error.errors()]
    detail = f"{request.method} {request.url.path} does not fit its description in /openapi.json: " + "; ".join(errors)
    return _problem(422, "Does not fit", detail, errors)
