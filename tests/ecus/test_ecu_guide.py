"""The guide to writing an ECU is true: its code runs as it stands there."""

import re
from pathlib import Path

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "ecu.md"


def test_the_code_of_the_guide_runs():
    """Block after block in one namespace, its own assertions included; the faults carry their clause and part."""
    blocks = re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    assert len(blocks) == 4
    namespace = {"__name__": "guide"}
    exec(compile("\n".join(blocks), str(GUIDE), "exec"), namespace)  # the guide's code is our own
    assert namespace["HystericalSensor"].seeded_as.breaks == "B-10"
    assert namespace["HystericalSensor"].seeded_as.part == "RainSensor"
    assert namespace["ColdHeater"].seeded_as.part == "Heater"
