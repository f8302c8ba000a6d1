"""HTTP of a served bench, and the token that keeps others out of it and of the raw wires."""

from __future__ import annotations

import asyncio
from pathlib import Path
from socket import gethostname

import httpx
import pytest

from emulation.plugin import build
from emulation.serve import Options, ServedBench
from emulation.serve.ways import Ways
from harness.bench import Bench, load
from harness.errors import BenchError
from harness.units import MS
from tests.serve.loop import Client, run, serving
from tests.serving import served

TOKEN = "open sesame"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
OTHER = "127.0.0.3"
"""A second address of this machine, for a peer that has not presented the token."""


async def get(url: str, method: str = "GET", **more: object) -> httpx.Response:
    async with httpx.AsyncClient() as client:
        return await client.request(method, url, **more)


def test_the_front_page_names_every_way_in_and_the_api_describes_itself() -> None:
    async def main() -> None:
        async with serving(build()) as served_bench:
            root = served_bench.servers["offboard"].address
            page = (await get(root)).text
            for name, server in served_bench.servers.items():
                ways = server.servers.values() if isinstance(server, Ways) else [server]
                assert f"<td>{name}</td>" in page
                assert all(f"<td>{way.address}</td>" in page for way in ways)
            described = (await get(f"{root}/openapi.json")).json()
            assert "/assistance/calls" in described["paths"]
            assert (await get(f"{root}/docs")).status_code == 404, "it would load scripts from elsewhere"
            assert (await get(f"{root}/network", "PUT", content=b"x" * (2 << 20))).status_code == 413

    run(main)


def test_a_request_acts_at_the_present_of_the_wall_clock() -> None:
    async def main() -> None:
        async with serving(build()) as served_bench:
            root = served_bench.servers["offboard"].address
            before = served_bench.pace.present()
            await asyncio.sleep(0.05)
            now = (await get(f"{root}/clock")).json()["now"]
            assert before + 50 * MS <= now <= served_bench.pace.present()

    run(main)


def test_http_can_be_told_to_disconnect_and_to_refuse() -> None:
    async def main() -> None:
        async with serving(build()) as served_bench:
            wire = served_bench.servers["offboard"]
            wire.refuse(on=True)
            with pytest.raises(httpx.TransportError):
                await get(wire.address)
            wire.refuse(on=False)
            assert (await get(wire.address)).status_code == 200

    run(main)


def test_without_the_token_nobody_comes_in_and_with_it_only_who_has_shown_it() -> None:
    async def main() -> None:
        async with serving(build(), token=TOKEN) as served_bench:
            root, can = served_bench.servers["offboard"].address, served_bench.servers["can.body"].address
            host, port = can.split(":")
            for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}):
                refused = await get(f"{root}/admission", "POST", headers=headers)
                assert refused.status_code == 401
                assert refused.headers["content-type"] == "application/problem+json"
                assert refused.headers["www-authenticate"] == "Bearer"
            for wire in served_bench.servers.values():
                for way in wire.servers.values() if isinstance(wire, Ways) else [wire]:
                    if way is not served_bench.servers["offboard"]:
                        assert await is_sent_away(way.address), f"{way.address} takes anybody"
            assert (await get(f"{root}/clock", headers=BEARER)).status_code == 200
            assert await is_sent_away(can), "only /admission admits"
            assert (await get(f"{root}/admission", "POST", headers=BEARER)).json() == {"admitted": "127.0.0.1"}
            client = await Client.of(can)
            assert await client.hears() == "< hi >"
            other = Client(*await asyncio.open_connection(host, int(port), local_addr=(OTHER, 0)))
            assert await other.is_closed(), "another address came in on this one's token"
            await client.close()
            await other.close()

    async def is_sent_away(address: str) -> bool:
        parts = address.replace("/", ":").replace(",", ":").split(":")
        number = next(int(part) for part in parts if part.isdecimal())
        client = await Client.of(f"127.0.0.1:{number}")
        closed = await client.is_closed()
        await client.close()
        return closed

    run(main)


def test_a_peer_cannot_tell_another_address_than_its_own() -> None:
    async def main() -> None:
        async with serving(build(), token=TOKEN) as served_bench:
            root = served_bench.servers["offboard"].address
            headers = BEARER | {"X-Forwarded-For": "192.0.2.7"}
            assert (await get(f"{root}/admission", "POST", headers=headers)).json() == {"admitted": "127.0.0.1"}

    run(main)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1"])
def test_an_address_that_others_reach_needs_a_token(host: str) -> None:
    with pytest.raises(ValueError, match="--token-file"):
        Options(host=host)
    assert Options(host=host, token=TOKEN).host == host
    with pytest.raises(ValueError, match="empty"):
        Options(token=" ")


def test_only_addresses_that_every_wire_can_be_told_are_taken() -> None:
    assert Options(host="localhost").name == "localhost"
    with pytest.raises(ValueError, match="IPv4"):
        Options(host="::1")
    everywhere = Options(host="0.0.0.0", token=TOKEN)
    addresses = ServedBench(build(), everywhere).addresses().values()
    assert everywhere.name == gethostname()
    assert not [address for address in addresses if "0.0.0.0" in address]


def test_the_harness_shows_the_token_of_its_bench_file_before_it_opens_anything(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text(f"{TOKEN}\n")
    with served("--token-file", str(token), "--only", "gnss") as bench:
        file = load(bench.file)
        assert file.offboard is not None
        with Bench.open(file) as opened:
            assert opened.networks["body"].failure is None
            assert set(opened.identities) == set(file.instrument)
        blind = file.offboard.model_copy(update={"token_file": None})
        with pytest.raises(BenchError, match="401"):
            Bench.open(file.model_copy(update={"offboard": blind}))
