"""The guide to real ECUs: what it writes is a bench file, and what it does works, with a served unit for a real one."""

import re
from pathlib import Path

import pytest

import fixtures.stage
from fixtures.stage import Stage
from harness.bench import describe, load
from tests.part_real.part import bench_of
from tests.serving import served

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "guides" / "real-ecu.md").read_text(encoding="utf-8")
BEGIN = '[bench]\nname = "mine"\nnetwork = "simulated"\nvin = "LPSVA1HL9MA000417"\n'


def test_its_pieces_are_a_bench_file(tmp_path):
    (tmp_path / "vehicle").symlink_to(ROOT / "vehicle")
    path = tmp_path / "mine.toml"
    path.write_text(BEGIN + "\n".join(re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)), encoding="utf-8")
    rows = {row.name: row.meaning for row in describe(load(path)) if row.section == "ECU"}
    assert rows["telematics (TCU)"].startswith("real")
    assert rows["airbag (ACM)"].startswith("emulated by the harness")
    assert rows["engine (ECM)"].startswith("absent")


@pytest.fixture
def stage(monkeypatch):
    """On the bench of the guide, a unit served where the real one would be."""
    with served("--only", "telematics") as process:
        file = bench_of("part-telematics-real", process)
        monkeypatch.setattr(fixtures.stage, "bench_file", lambda _path: file)
        stage = Stage.open()
        yield stage
        stage.close()


def test_what_it_does_works(stage):
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    names = {}
    exec(code, names)
    names["calls_for_help"](stage)
    assert stage.software == {"telematics": "TCU 3.17"}
