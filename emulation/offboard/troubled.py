"""The off-board service where its wire is in trouble: late, refusing, garbled or closing in the middle of an answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from typing import Any

from emulation.link import Link
from harness.units import S

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Message, Receive, Send], Coroutine[Any, Any, None]]

NOISE = b"\xfe" * 20
REFUSAL = json.dumps({"title": "Unavailable", "status": 503, "detail": "the service refuses on purpose", "errors": []})


def spared(path: str) -> bool:
    """Whether a request is about the bench itself: there a trouble is ended, so that it meets none."""
    return path.startswith("/bench/")


def answer_of(link: Link) -> tuple[int, bytes] | None:
    """Status and body instead of the service's own; None: the own."""
    if link.refuses and not link.closes:
        return 503, REFUSAL.encode()
    return (200, link.noise(NOISE)) if link.garbage else None


def troubled(link: Link, app: Asgi) -> Asgi:
    """`app` behind its wire, on wall time."""

    async def served(scope: Message, receive: Receive, send: Send) -> None:
        if not link.touched or spared(scope.get("path", "")):
            await app(scope, receive, send)
            return
        if link.delay:
            await asyncio.sleep(link.delay / S)
        instead = answer_of(link)
        if link.closes:
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
            await send({"type": "http.response.body", "body": b"[", "more_body": True})
            return  # without the rest: the server has to close
        if instead is None:
            await app(scope, receive, send)
            return
        status, body = instead
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return served
