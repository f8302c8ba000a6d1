"""The off-board API over HTTP: uvicorn in the loop that runs the world."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from typing import Any

import uvicorn

from emulation.pace import Pace

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Message, Receive, Send], Coroutine[Any, Any, None]]


class HttpServer:
    """Serves an ASGI application that acts on the world at the present, and never waits."""

    def __init__(self, pace: Pace, app: Asgi, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self._server = _Uvicorn(
            uvicorn.Config(
                at_present(pace, app), lifespan="off", log_config=None, access_log=False, ws="none", server_header=False
            )
        )
        self._task: asyncio.Task[None] | None = None

    @property
    def address(self) -> str:
        """Where the API begins."""
        return f"http://{self.host}:{self.port}"

    async def start(self) -> None:
        """Listen. Raises `OSError` where the port is taken."""
        listener = socket.socket(socket.AF_INET6 if ":" in self.host else socket.AF_INET)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((self.host, self.port))
        except OSError:
            listener.close()
            raise
        self.port = listener.getsockname()[1]
        self._task = asyncio.create_task(self._server.serve([listener]))
        while not self._server.started and not self._task.done():
            await asyncio.sleep(0.001)

    async def close(self) -> None:
        """Close the port and every connection."""
        self._server.should_exit = self._server.force_exit = True
        if self._task is not None:
            await self._task


class _Uvicorn(uvicorn.Server):
    """Signals are the command's business, not the server's."""

    def capture_signals(self) -> Any:
        from contextlib import nullcontext

        return nullcontext()


def at_present(pace: Pace, app: Asgi) -> Asgi:
    """`app`, called at the wall clock's present once a request is complete; its answer goes out after."""

    async def served(scope: Message, receive: Receive, send: Send) -> None:
        request = [await receive()]
        while request[-1].get("more_body"):
            request.append(await receive())
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
