"""The guide to writing a procedure works as it is written."""

import re
from pathlib import Path

from fixtures.stage import Stage

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "guides" / "procedure.md").read_text(encoding="utf-8")
BENCH = ROOT / "benches" / "emulated.toml"


def test_the_guide_s_procedure_passes_and_its_fault_fails_it(pytester):
    (example,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    Stage.open(str(BENCH)).close()  # imports everything before pytester begins to forget
    pytester.makepyfile(test_my_first=example)
    options = ("-p", "no:cacheprovider", f"--bench={BENCH}")
    pytester.runpytest_inprocess(*options).assert_outcomes(passed=2)
    pytester.runpytest_inprocess(*options, "--fault", "DeadOnCall").assert_outcomes(passed=1, failed=1)


def test_the_guide_s_keywords_are_those_of_the_library():
    library = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "robot").glob("*.py"))
    patterns = [
        re.sub(r"\\\$\\\{\w+\\\}", ".+", re.escape(name)) for name in re.findall(r'@keyword\("(.+?)"\)', library)
    ]
    (example,) = re.findall(r"```robotframework\n(.*?)```", GUIDE, re.DOTALL)
    steps = re.findall(r"^ {4}(?:Given|When|Then|And) (.+)$", example, re.MULTILINE)
    assert len(steps) == 4
    for step in steps:
        assert any(re.fullmatch(pattern, step) for pattern in patterns), step


def test_everything_that_the_guide_says_an_actor_can_do_it_can():
    from harness import actors

    rows = re.findall(r"^\| `(\w+)`[^|]*\|(.*)\|(.*)\|$", GUIDE, re.MULTILINE)
    assert {"driver", "car", "operator", "crash", "display", "owner", "surroundings", "workshop"} <= {
        fixture for fixture, _acts, _sees in rows
    }
    for fixture, acts, sees in rows:
        actor = getattr(actors, "".join(word.capitalize() for word in fixture.split("_")))
        for method in re.findall(r"`(\w+)`", acts + sees):
            assert callable(getattr(actor, method)), f"{fixture}.{method}"
