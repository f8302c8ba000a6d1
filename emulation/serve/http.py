"""The off-board API over HTTP: uvicorn in the loop that runs the world."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping, Sequence
from typing import Any, ClassVar

import uvicorn

from emulation.pace import Pace

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Message, Receive, Send], Coroutine[Any, Any, None]]

STARTED_WITHIN = 10.0
"""Seconds that uvicorn has to begin; it takes milliseconds."""
BODY_MAX = 1 << 20
"""Bytes of a request; the API's are some hundred."""


class HttpServer:
    """Serves an ASGI application that acts on the world at the present, and never waits."""

    SPEAKS: ClassVar[str] = "HTTP"

    def __init__(self, pace: Pace, app: Asgi, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self._refuses = False
        config = uvicorn.Config(
            self._answer,
            interface="asgi3",
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # a peer's address is the one it has, not one that it tells
        )
        self._app = at_present(pace, app)
        self._server = _Uvicorn(config)
        self._task: asyncio.Task[None] | None = None

    @property
    def address(self) -> str:
        """Where the API begins."""
        return f"http://{self.host}:{self.port}"

    async def start(self) -> None:
        """Listen. Raises `OSError` where the port is taken."""
        listener = socket.create_server((self.host, self.port))
        self.port = listener.getsockname()[1]
        self._task = asyncio.create_task(self._server.serve([listener]))
        await asyncio.wait_for(self._server.listens.wait(), STARTED_WITHIN)

    async def close(self) -> None:
        """Close the port and every connection."""
        self._server.should_exit = self._server.force_exit = True
        if self._task is not None:
            await self._task

    def disconnect(self) -> None:
        """Close every connection at once; the port goes on listening."""
        for connection in tuple(self._server.server_state.connections):
            if connection.transport is not None:
                connection.transport.abort()

    def refuse(self, on: bool) -> None:
        """Close connections with the first request that comes on them, or take them again."""
        self._refuses = on

    async def _answer(self, scope: Message, receive: Receive, send: Send) -> None:
        if self._refuses:
            self.disconnect()
            await asyncio.sleep(0)  # the connection learns that it is lost
        else:
            await self._app(scope, receive, send)


class _Uvicorn(uvicorn.Server):
    """Signals are the command's business, not the server's."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = asyncio.Event()

    def capture_signals(self) -> Any:
        return contextlib.nullcontext()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()


def at_present(pace: Pace, app: Asgi) -> Asgi:
    """`app`, called at the wall clock's present once a request is complete; its answer goes out after."""

    async def served(scope: Message, receive: Receive, send: Send) -> None:
        request = [await receive()]
        size = len(request[0].get("body", b""))
        while request[-1].get("more_body") and size <= BODY_MAX:
            request.append(await receive())
            size += len(request[-1].get("body", b""))
        if size > BODY_MAX:
            await respond(send, 413, "text/plain", f"a request has at most {BODY_MAX} bytes")
            return
        answer: list[Message] = []

        async def replay() -> Message:
            return request.pop(0)

        async def keep(message: Message) -> None:
            answer.append(message)

        with pace.acting():
            await app(scope, replay, keep)  # never waits: the world's handlers answer at once
        for message in answer:
            await send(message)

    return served


async def respond(
    send: Send, status: int, content_type: str, text: str, headers: Sequence[tuple[bytes, bytes]] = ()
) -> None:
    """One whole answer."""
    body = text.encode()
    fixed = [(b"content-type", content_type.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*fixed, *headers]})
    await send({"type": "http.response.body", "body": body})
