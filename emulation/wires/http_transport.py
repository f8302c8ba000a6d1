"""httpx transport of the emulated bench: `emulated://offboard/...` is answered in this process, in no time.

    httpx.Client(transport=EmulatedTransport(), base_url="emulated://offboard")

The world's handlers never wait, so that a request is one run of a coroutine: no event loop, no thread, no socket.
"""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

import httpx

from emulation import plugin
from emulation.link import Link
from emulation.offboard.troubled import answer_of, spared
from harness.units import S, nanoseconds

HOST = "offboard"


class EmulatedTransport(httpx.BaseTransport):
    """Carries requests to the off-board API of the bench that is active when they are made."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One round trip at the present instant of simulated time."""
        if request.url.host != HOST:
            raise httpx.ConnectError(
                f"no host {request.url.host!r} in the emulated world: expected emulated://{HOST}/...", request=request
            )
        app = plugin.active().http
        if app is None:
            raise httpx.ConnectError("the active bench has no off-board world", request=request)
        link = plugin.active().link("offboard")
        if link.touched and not spared(request.url.path) and (instead := self._trouble(request, link)) is not None:
            return instead
        exchange = _Exchange(request.read())
        _finish(app(_scope(request), exchange.receive, exchange.send))
        return httpx.Response(exchange.status, headers=exchange.headers, content=bytes(exchange.body))

    def _trouble(self, request: httpx.Request, link: Link) -> httpx.Response | None:
        """What a troubled wire makes of a request; None: it gets through. A late answer lets the world run."""
        if link.delay:
            world = plugin.active().world
            patience = request.extensions.get("timeout", {}).get("read")
            if patience is not None and patience < link.delay / S:
                world.run(until=world.now + nanoseconds(patience))
                raise httpx.ReadTimeout("timed out", request=request)
            world.run(until=world.now + link.delay)
        if link.closes:
            raise httpx.RemoteProtocolError("peer closed connection without sending complete message", request=request)
        instead = answer_of(link)
        return None if instead is None else httpx.Response(instead[0], content=instead[1])


class _Exchange:
    """One request body on its way in, one response on its way out (ASGI 3)."""

    def __init__(self, body: bytes) -> None:
        self._request = body
        self.status = 500
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = bytearray()

    async def receive(self) -> dict[str, Any]:
        return {"type": "http.request", "body": self._request, "more_body": False}

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = message["headers"]
        else:
            self.body += message.get("body", b"")


def _scope(request: httpx.Request) -> dict[str, Any]:
    url = request.url
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": url.scheme,
        "path": url.path,
        "raw_path": url.raw_path.split(b"?")[0],
        "query_string": url.query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "server": (HOST, None),
        "client": None,
    }


def _finish(answer: Coroutine[Any, Any, None]) -> None:
    try:
        answer.send(None)
    except StopIteration:
        return
    answer.close()
    raise RuntimeError("an off-board handler waited for something: the emulated world answers at once or not at all")
