"""docs/served-bench.md tells the ports and options that there are."""

from __future__ import annotations

import re

from typer.testing import CliRunner

from emulation.plugin import build
from emulation.serve import Options, ServedBench
from emulation.serve.ways import Ways
from hil.main import app
from tests.serve.loop import run
from tests.serving import ROOT

GUIDE = (ROOT / "docs" / "served-bench.md").read_text()


def test_the_ports_are_those_that_the_guide_tells() -> None:
    async def main() -> None:
        told = dict(re.findall(r"^\| (\d{5})[^|]*\| [^|]*\| ([^|;]*)", GUIDE, re.MULTILINE))
        there: dict[str, str] = {}
        for server in ServedBench(build(), Options(port_base=47_000)).servers.values():
            for way in server.servers.values() if isinstance(server, Ways) else [server]:
                there |= dict.fromkeys(re.findall(r"47\d{3}", way.address), way.address)
        assert {int(port) for port in told} <= {int(port) for port in there}
        between = {*range(47_010, 47_016), *range(47_020, 47_026)}
        assert {int(port) for port in there} == {int(port) for port in told} | between
        for port, address in re.findall(
            r"^\| (\d{5})[^|]*\|[^|]*\|[^|]*\| `([a-z0-9]+://[^`]*|TCPIP[^`]*)`", GUIDE, re.MULTILINE
        ):
            assert there[port] == address

    run(main)


def test_every_option_of_the_guide_is_one_of_the_command() -> None:
    helped = CliRunner().invoke(app, ["serve", "--help"], env={"COLUMNS": "200", "NO_COLOR": "1"}).output
    options = set(re.findall(r"--[a-z][a-z-]+", GUIDE)) - {"--bench"}
    assert options >= {
        "--only",
        "--without",
        "--token-file",
        "--links",
        "--can",
        "--write",
        "--port-base",
        "--no-mirror",
    }
    assert not [option for option in options if option not in helped]
