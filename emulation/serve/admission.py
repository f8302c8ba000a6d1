"""Who may come in: a token over HTTP, and for the raw wires the addresses that have presented it."""

from __future__ import annotations

import hmac
import json

from emulation.serve.http import Asgi, Message, Receive, Send, respond

PATH = "/admission"


class Admission:
    """With a token, HTTP asks for it, and `POST /admission` admits its sender's address to the raw wires.

    An address stays admitted until serving ends. Without a token everybody may come in.
    """

    def __init__(self, token: str | None) -> None:
        self._token = token
        self._admitted: set[str] = set()

    def admits(self, address: str) -> bool:
        """Whether a peer at `address` may use the raw wires."""
        return self._token is None or address in self._admitted

    def guard(self, app: Asgi) -> Asgi:
        """`app` behind the token, with `/admission` beside it."""

        async def guarded(scope: Message, receive: Receive, send: Send) -> None:
            if not self._is_token(scope):
                problem = {
                    "title": "Unauthorized",
                    "status": 401,
                    "detail": "this bench asks for its token: send `Authorization: Bearer TOKEN`",
                    "errors": [],
                }
                challenge = [(b"www-authenticate", b"Bearer")]
                await respond(send, 401, "application/problem+json", json.dumps(problem), challenge)
            elif scope["path"] == PATH and scope["method"] == "POST":
                address = (scope.get("client") or ("",))[0]
                self._admitted.add(address)
                await respond(send, 200, "application/json", json.dumps({"admitted": address}))
            else:
                await app(scope, receive, send)

        return guarded

    def _is_token(self, scope: Message) -> bool:
        if self._token is None:
            return True
        headers: dict[bytes, bytes] = dict(scope["headers"])
        scheme, _, given = headers.get(b"authorization", b"").partition(b" ")
        return scheme.lower() == b"bearer" and hmac.compare_digest(given.strip(), self._token.encode())
