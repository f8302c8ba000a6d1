"""One served bench, with locks of its own, for all tests here that end runs on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from harness.bench.watchdog import close_guards
from tests.safety.kills import Arena, arena


@pytest.fixture(scope="session")
def ground() -> Iterator[Arena]:
    with arena() as made:
        yield made
        close_guards()
