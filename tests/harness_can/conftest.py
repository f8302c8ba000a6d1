"""A desk for each test, closed after it."""

from __future__ import annotations

import pytest

from tests.harness_can.desk import CanDesk


@pytest.fixture
def desk(request):
    desk = CanDesk(request.node.nodeid)
    yield desk
    desk.close()
