"""The head unit's service port in a test's hand: one command, one answer."""

import json

from harness.units import MS


def say(car, command, wait=300 * MS):
    """The answer to a command, as text."""
    port = car.bench.port("head_unit")
    port.inbox.clear()
    port.send(command.encode() + b"\n")
    car.run(wait)
    return port.inbox.decode().strip()


def ask(car, command):
    """The answer to a question, which is JSON."""
    return json.loads(say(car, command).removeprefix("OK "))
