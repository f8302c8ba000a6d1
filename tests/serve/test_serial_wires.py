"""Modem, GNSS and head unit by RFC 2217, by TCP and as device files, as pyserial reaches them."""

from __future__ import annotations

import asyncio
import base64
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest
import serial

from emulation.bench import EmulatedBench
from harness.bench import Bench, BenchFile
from harness.pictures import size_of
from harness.units import S
from tests.serve.loop import run, serving

ANSWER = 10.0
"""Seconds for an answer that takes some milliseconds."""


@pytest.fixture(scope="module")
def powered(file: BenchFile) -> Iterator[BenchFile]:
    """The car has power as long as the module lasts; its serial ports are left to the tests."""
    alone = file.model_copy(update={"serial": {}, "line": {"battery": file.line["battery"]}})
    with Bench.open(alone) as bench:
        bench.lines["battery"].set_voltage(12.6)
        bench.lines["battery"].set_power(True)
        bench.networks["body"].expect("IHU_Settings.ButtonLockRequest", "UNLOCK", 60 * S)
        with port(file.serial["modem"].url, timeout=0.5) as modem:
            while b"OK" not in modem.read(64):
                modem.write(b"AT\r")
        yield file


@contextmanager
def port(url: str, **settings: object) -> Iterator[serial.SerialBase]:
    opened = serial.serial_for_url(url, **{"timeout": ANSWER, "baudrate": 115_200, **settings})
    try:
        yield opened
    finally:
        opened.close()


def ways(file: BenchFile, name: str) -> dict[str, str]:
    """Every way to a port, as the front page names them."""
    assert file.offboard is not None
    page = httpx.get(file.offboard.url).text
    rows = [row.removesuffix("</td></tr>").split("</td><td>") for row in page.split("<tr><td>")[1:]]
    return {row[1]: row[2].split("<")[0] for row in rows if row[0] == f"serial.{name}"}


def ask(modem: serial.SerialBase, command: bytes) -> bytes:
    modem.write(command + b"\r")
    answer = b""
    while not answer.rstrip().endswith((b"OK", b"ERROR")):
        line = modem.readline()
        assert line, f"no end of the answer to {command!r} within {ANSWER} s: {answer!r}"
        answer += line
    return answer


@pytest.mark.parametrize("way", ["RFC 2217", "TCP", "device file"])
def test_the_modem_answers_whichever_way_one_comes(powered: BenchFile, way: str) -> None:
    for _ in range(2):  # what was closed can be opened again
        with port(ways(powered, "modem")[way]) as modem:
            assert b"\r\nOK\r\n" in ask(modem, b"AT")
            assert b"001010123456789" in ask(modem, b"AT+CIMI")


def test_a_port_has_one_user_at_a_time(powered: BenchFile) -> None:
    there = ways(powered, "modem")
    with port(there["TCP"]) as first:
        ask(first, b"AT")
        with port(there["TCP"]) as second, pytest.raises(serial.SerialException):
            second.read(100)
        for way in ("TCP", "RFC 2217"):  # by hand: pyserial throws away what came before it had opened the port
            with socket.create_connection(("127.0.0.1", int(there[way].rpartition(":")[2])), ANSWER) as other:
                assert b"in use" in other.makefile("rb").read()
        terminal = os.open(there["device file"], os.O_RDWR | os.O_NOCTTY)
        with suppress(OSError):  # a terminal that has hung up ends, or is an error, as it comes
            assert os.read(terminal, 1) == b"", "it did not hang up"
        os.close(terminal)
        assert b"OK" in ask(first, b"AT")


def test_control_lines_break_and_baud_rate_go_over_rfc_2217() -> None:
    async def main() -> None:
        bench = EmulatedBench()
        line, seen = bench.port("modem"), []
        line.on_control = lambda: seen.append((line.dtr, line.rts, line.sends_break))
        line.on_bytes = lambda data: line.write(data[::-1])
        async with serving(bench) as served:
            await asyncio.to_thread(talk, served.servers["serial.modem"].address)
            while line.owner is not None:  # noqa: ASYNC110  the end of a peer makes no event
                await asyncio.sleep(0.005)
        assert [states for states, again in zip(seen, [None, *seen], strict=False) if states != again] == [
            (True, True, False),
            (False, True, False),
            (True, True, False),
            (True, True, True),
            (True, True, False),
            (False, False, False),
        ]

    def talk(url: str) -> None:
        with port(url) as modem:
            assert (modem.cts, modem.dsr, modem.cd, modem.ri) == (True, True, True, False)
            modem.dtr = False
            modem.dtr = True
            modem.send_break(0.01)
            modem.baudrate = 9_600  # a port of USB: it takes any
            every_byte = bytes(range(256))
            modem.write(every_byte)
            assert modem.read(256) == every_byte[::-1]

    run(main)


def test_ports_have_8_data_bits_no_parity_and_one_stop_bit(powered: BenchFile) -> None:
    with pytest.raises((ValueError, serial.SerialException)):
        serial.serial_for_url(ways(powered, "modem")["RFC 2217"], parity=serial.PARITY_EVEN)


@pytest.mark.parametrize("way", ["RFC 2217", "device file"])
def test_a_wrong_baud_rate_reads_garbage_on_the_uart(powered: BenchFile, way: str) -> None:
    url = ways(powered, "gnss")[way]
    with port(url, baudrate=9_600) as gnss:
        gnss.readline()
        assert gnss.readline().startswith(b"$G")
    with port(url, baudrate=4_800) as gnss:
        assert b"$GP" not in gnss.read(150)


def test_a_device_file_hangs_up_when_it_is_closed_and_is_there_again(powered: BenchFile) -> None:
    link = Path(ways(powered, "head_unit")["device file"])
    terminal = os.open(link, os.O_RDWR | os.O_NOCTTY)
    os.write(terminal, b"PAGE?\n")
    os.close(terminal)
    with port(str(link)) as head_unit:
        head_unit.write(b"PAGE?\n")
        assert head_unit.readline().startswith(b"OK ")


@pytest.mark.parametrize("way", ["TCP", "RFC 2217", "device file"])
def test_a_picture_of_the_display_comes_whole_over_every_wire(powered: BenchFile, way: str) -> None:
    with port(ways(powered, "head_unit")[way]) as head_unit:
        head_unit.write(b"SCREENSHOT\n")
        word, count, code = head_unit.readline().split()
    assert word == b"OK"
    png = base64.b64decode(code, validate=True)
    assert len(png) == int(count)
    assert size_of(png) == (1024, 768)
