"""One served bench for the tests of this folder that need a process, and what its bench file says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from harness.bench import BenchFile, load
from tests.serving import Served, served


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The whole car, with device files in `bench.folder / "links"`; its battery is off until a test switches it on."""
    with served("--links", str(tmp_path_factory.mktemp("links")), "--seed", "3") as process:
        yield process


@pytest.fixture(scope="session")
def file(bench: Served) -> BenchFile:
    return load(bench.file)
