"""A run that does something different each time, to be killed at any moment: forks of a warm interpreter.

`python -m tests.safety.driver BENCH` reads one JSON request a line (`{"seed": 7, "moment_s": 0.4 or null}`) and answers
`{"pid": ...}` at once; the fork opens the bench and drives its outputs at random until something ends it. With
`moment_s` it raises by itself after so long, as a fixture would. `{"wait": pid}` answers how it ended.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from harness.bench import Bench, load
from harness.bench.opening import check_signals
from harness.bench.watchdog import close_guards
from harness.errors import ExpectationError, Inconclusive
from harness.ports import NetworkTester
from harness.units import MS, S

LIFE = 20 * S
"""A driver that nobody ends gives up; then its test fails."""


class FixtureError(Exception):
    """What a fixture of somebody's own raises."""


def raise_as_a_fixture() -> NoReturn:
    raise FixtureError("no bench of ours knows this error")


def drive(bench: Bench, dice: random.Random, until: int) -> None:
    """Switch outputs on and off, more often on, until `until`."""
    network_tester: NetworkTester = bench.instrument(NetworkTester)
    relays = ("sos_button", "on_call_button", "terminal_s", "terminal_15")

    def power() -> None:
        bench.line("battery").set_voltage(dice.uniform(9.0, 16.0))
        bench.line("battery").set_power(True)

    acts: list[Callable[[], object]] = [
        power,
        power,
        lambda: bench.line("battery").set_power(False),
        lambda: bench.line(dice.choice(relays)).press(),
        lambda: bench.line(dice.choice(relays)).press(),
        lambda: bench.line(dice.choice(relays)).release(),
        lambda: bench.line("sos_button").pulse(dice.randrange(1, 3) * S),
        lambda: bench.line("microphone").speak(),
        lambda: network_tester.set_cell(True),
        lambda: bench.networks["body"].expect("CEM_Ignition.Mode", "OFF", 50 * MS),
    ]
    power()
    while bench.clock.now() < until:
        try:
            dice.choice(acts)()
        except (ExpectationError, Inconclusive):  # the car may be off, the host busy: not what is looked at here
            continue
        bench.clock.sleep(dice.randrange(20) * MS)


def run(file: str, seed: int, moment_s: float | None, log: str) -> int:
    """One run, in a process of its own; returns its exit code, and says in `log` how far it came."""
    with Path(log).open("w", buffering=1) as words:
        try:
            with Bench.open(load(file)) as bench:
                words.write("opened\n")
                start = bench.clock.now()
                drive(bench, random.Random(seed), start + (LIFE if moment_s is None else round(moment_s * S)))
                words.write(f"fixture {time.monotonic()}\n")
                raise_as_a_fixture()
        except FixtureError:
            words.write("closed\n")
            return 1
        except KeyboardInterrupt as ended:
            words.write(f"ended by {ended!r}\n")
            return 130
        except Exception:  # noqa: BLE001  whatever it is, the test shows it
            words.write(traceback.format_exc())
            return 3


def serve(file: str) -> None:
    """Import what a run needs, then fork for each request."""
    check_signals(load(file))
    for line in sys.stdin:
        request = json.loads(line)
        if "wait" in request:
            answer = {"code": os.waitstatus_to_exitcode(os.waitpid(request["wait"], 0)[1])}
        else:
            pid = os.fork()
            if pid == 0:
                code = run(file, request["seed"], request["moment_s"], request["log"])
                close_guards()
                sys.stdout.flush()
                os._exit(code)
            answer = {"pid": pid}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve(sys.argv[1])
