"""However and whenever a run ends: every output is off by the instruments' own answers, and the bench opens again."""

from __future__ import annotations

import os

import pytest

from tests.safety.kills import KINDS

DRAW = int(os.environ.get("CONNECT_HIL_KILLS", "2"))
"""Moments of each kind; `make bench` takes 50."""
BOUND_S = 5.0
"""The rule is 2 s, which `make bench` shows; a machine that runs eight other things may be slower."""


@pytest.mark.parametrize("kind", KINDS)
def test_every_output_is_off_after(ground, kind):
    for seed in range(DRAW):
        case = ground.case(kind, seed)
        assert case.safe_after_s < BOUND_S, case
        assert "cannot be opened" not in case.words, case
    assert ground.reopens().startswith("opened"), ground.reopens()
