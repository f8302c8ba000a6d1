"""A service over HTTP: requests with their JSON, every failure told, and what only asks tried again where it may be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx

from harness.clock import Clock
from harness.disturbance import disturbed
from harness.errors import BenchError
from harness.plugins import plugins
from harness.serial_port import RETRY_PAUSE
from harness.timeline import Timeline
from harness.units import S, seconds


class ServiceFailure(BenchError):
    """The service, or the way to it, failed; a service that refuses what was asked has not."""


class HttpService:
    """JSON requests to the service at `url`. Every failure is a `BenchError` that names method, path and answer."""

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
        self.url = url
        self.retries = 0
        """How often a GET is sent again that failed (`[retry] queries`)."""
        self._clock = clock
        self._timeline = timeline
        self._question: tuple[str, httpx.Request] | None = None
        """The last GET."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        transport = transport or transport_of(url)
        self._client = httpx.Client(base_url=url, headers=headers, timeout=seconds(timeout), transport=transport)

    def request(self, method: str, path: str, body: object = None) -> Any:
        """Any request; returns the answer's JSON, or None where it has none.

        A connection that closes, a garbled answer and a service that fails disturb the bench; a refusal does not.
        """
        left = self.retries if method == "GET" else 0
        while True:
            try:
                return self._request(method, path, body)
            except ServiceFailure as error:
                disturbed(self._clock, self._timeline, f"off-board service at {self.url}", str(error))
                if not left:
                    raise
                left -= 1
                self._clock.sleep(RETRY_PAUSE)

    def _request(self, method: str, path: str, body: object) -> Any:
        try:
            answer = self._client.send(self._built(method, path, body))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            told = str(error) or type(error).__name__
            raise ServiceFailure(f"{method} {path} at {self.url} failed: {told}. Is the service up?") from error
        if answer.is_error:
            kind = ServiceFailure if answer.is_server_error else BenchError
            raise kind(f"{method} {path} at {self.url} answered {answer.status_code}: {_detail(answer)}")
        if not answer.content:
            return None
        try:
            return answer.json()
        except ValueError as error:
            raise ServiceFailure(f"{method} {path} at {self.url} answered no JSON: {answer.text[:200]!r}") from error

    def _built(self, method: str, path: str, body: object) -> httpx.Request:
        """A GET that is repeated, while something is awaited, is put together once."""
        if method != "GET" or body is not None:
            return self._client.build_request(method, path, json=body)
        if self._question is None or self._question[0] != path:
            self._question = path, self._client.build_request(method, path)
        return self._question[1]

    def close(self) -> None:
        """Close the connection."""
        self._client.close()


def transport_of(url: str) -> httpx.BaseTransport | None:
    """The transport that a plug-in has for the scheme of `url`; None: httpx's own."""
    found = plugins("connect_hil.http").get(urlsplit(url).scheme)
    if found is None:
        return None
    make: Callable[[], httpx.BaseTransport] = found.load()
    return make()


def _detail(answer: httpx.Response) -> str:
    """What the service says about an error, in one line."""
    try:
        problem = answer.json()
    except ValueError:
        return answer.text[:200]
    if not isinstance(problem, dict):
        return str(problem)[:200]
    more = problem.get("errors") or []
    return "; ".join(str(each) for each in [problem.get("detail", problem), *(more if isinstance(more, list) else [])])
