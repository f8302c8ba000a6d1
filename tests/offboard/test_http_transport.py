"""The httpx transport into the emulated world: in-process, without waiting, on whichever bench is active."""

import httpx
import pytest

from emulation import offboard, plugin
from emulation.bench import EmulatedBench
from emulation.wires.http_transport import EmulatedTransport
from harness.units import S
from tests.offboard.conftest import OffboardBench


def test_a_request_reaches_the_bench_that_is_active_when_it_is_made(http):
    other = OffboardBench(seed=2)
    other.run(3 * S)
    assert http.get("/clock").json() == {"now": 0}
    plugin.activate(other.bench)
    assert http.get("/clock").json() == {"now": 3 * S}


def test_another_host_is_refused_by_naming_the_one_there_is(http):
    with pytest.raises(httpx.ConnectError, match=r"expected emulated://offboard/"):
        http.get("emulated://charger/clock")


def test_a_bench_without_off_board_world_is_refused(http):
    plugin.activate(EmulatedBench())
    with pytest.raises(httpx.ConnectError, match="no off-board world"):
        http.get("/clock")


def test_a_handler_that_would_wait_is_an_error_and_not_a_hang(out, http):
    class Never:
        def __await__(self):
            yield

    async def waiting(_scope, _receive, _send):
        await Never()

    out.bench.http = waiting
    with pytest.raises(RuntimeError, match="waited for something"):
        http.get("/clock")


def test_a_fault_inside_a_handler_reaches_the_tester_as_it_is(out, http, monkeypatch):
    monkeypatch.delitem(out.bench.parts, "records")
    with pytest.raises(KeyError, match="records"):
        http.get("/records")


def test_the_transport_works_with_httpx_as_its_documentation_says(out):
    plugin.activate(out.bench)
    transport = EmulatedTransport()
    answer = httpx.Client(mounts={"emulated://": transport}).get("emulated://offboard/records", params={"after": 0})
    assert (answer.status_code, answer.http_version, answer.headers["content-type"]) == (
        200,
        "HTTP/1.1",
        "application/json",
    )
    plugin.activate(None)


def test_an_http_server_of_the_lab_s_choice_can_serve_the_same_world(out):
    import anyio

    async def served() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(out.bench.http), base_url="http://lab") as client:
            return await client.put("/network", json={"coverage": "weak"})

    assert anyio.run(served).json()["coverage"] == "weak"


def test_the_world_is_held_while_a_request_is_answered(out, http):
    held = []

    class Watched:
        def __enter__(self) -> None:
            held.append(True)

        def __exit__(self, *_: object) -> None:
            held.append(False)

    out.world.lock = Watched()
    http.get("/clock")
    assert held == [True, False]


def test_benches_share_one_description_and_nothing_else():
    first, second = EmulatedBench(1), EmulatedBench(1)
    offboard.install(first)
    offboard.install(second)
    first.parts["network"].change(country="NO")
    assert second.parts["network"].country == "SE"
