"""Each instrument is one command table: its twin understands whatever its driver can send, and both refuse the same."""

from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest

from harness import ports
from harness.errors import InstrumentError
from instruments.commands import Action, Query, Setting
from tests.lab.conftest import DRIVERS, exchange

NO_ERROR = {'+0,"No error"', '0,"No error"'}
"""With and without the sign that makers may leave out."""
COMMANDS = [
    (name, command, getattr(driver, command))
    for name, driver in DRIVERS.items()
    for command in dir(driver)
    if isinstance(getattr(driver, command), Action)
]
SETTINGS = [entry for entry in COMMANDS if isinstance(entry[2], Setting)]
ROLES = {
    "switch": ports.Switch,
    "supply": ports.Supply,
    "scope": ports.Scope,
    "generator": ports.Generator,
    "dmm": ports.Dmm,
    "network_tester": ports.NetworkTester,
}

NEEDS_A_STATE = {
    ("generator", "TRIGGER"): "SOUR{channel}:BURS:STAT ON",
    ("generator", "WIDTH"): "SOUR{channel}:FUNC:PULS:PER MAX",
    ("generator", "AMPLITUDE"): "OUTP{channel}:LOAD INF",
    ("generator", "OFFSET"): "OUTP{channel}:LOAD INF;:SOUR{channel}:VOLT MIN",
    ("network_tester", "CONNECT"): "attached",
    ("network_tester", "DISCONNECT"): "attached",
    ("network_tester", "DETACH"): "attached",
    ("scope", "PREAMBLE"): "acquired",
    ("scope", "DATA"): "acquired",
    ("scope", "PULSE_WIDTH"): "acquired",
}
"""Commands that the instrument takes only in a certain state, and what brings it there."""


def identify(entry):
    return f"{entry[0]}-{entry[1]}" if isinstance(entry, tuple) else None


def all_fields(command):
    return [dict(zip(command.fields, values, strict=True)) for values in product(*command.fields.values())]


def prepare(bench, twin, entry, fields):
    state = NEEDS_A_STATE.get(entry[:2])
    if state == "attached":
        attached = bench.parts["network"].attach("001010123456789")
        assert bench.world.run(until=bench.world.now + 10**10, condition=attached)
    elif state == "acquired":
        exchange(twin, ":TRIG:SWE AUTO;:SING")
        assert twin.value("points") == 1_000
    elif state:
        exchange(twin, state.format(**fields))


@pytest.mark.parametrize("entry", COMMANDS, ids=identify)
def test_the_twin_understands_what_the_driver_can_send(bench, entry):
    name, _, command = entry
    twin = bench.parts[name]
    for fields in all_fields(command)[:4]:
        exchange(twin, "*CLS")
        prepare(bench, twin, entry, fields)
        if isinstance(command, Setting):
            texts = [command.valued(value, **fields) for value in (command.low, command.limit(**fields))]
        else:
            texts = [command.command(**fields)]
        for text in texts:
            answer = exchange(twin, text)
            assert exchange(twin, "SYST:ERR?") in NO_ERROR, text
            assert bool(answer) == isinstance(command, Query), text


@pytest.mark.parametrize("entry", SETTINGS, ids=identify)
def test_both_refuse_a_setting_out_of_range(bench, entry):
    name, _, command = entry
    twin = bench.parts[name]
    for fields in all_fields(command)[:4]:
        for value in (command.low - 1, command.limit(**fields) * 1.01 + 1):
            with pytest.raises(InstrumentError, match="out of range, expected"):
                command.valued(value, **fields)
            exchange(twin, "*CLS")
            exchange(twin, command.text.format(value=value, **fields))
            assert exchange(twin, "SYST:ERR?").partition(",")[0] in {"-222", "-224"}, (value, fields)


@pytest.mark.parametrize("name", DRIVERS)
def test_the_driver_fills_its_role_and_knows_its_instrument(driver, name):
    instrument = driver(name)
    for method in dir(ROLES[name]):
        if not method.startswith("_"):
            assert callable(getattr(instrument, method)), method
    assert any(model in instrument.identify().model for model in instrument.MODELS)


@pytest.mark.parametrize("name", DRIVERS)
def test_a_swapped_instrument_is_named(bench, opened, name):
    other = "supply" if name != "supply" else "switch"
    with pytest.raises(InstrumentError, match=r"expected one of .* swapped in the bench file"):
        DRIVERS[name](opened(other), bench.clock).identify()


def test_a_refused_setting_raises_with_command_answer_and_advice(supply):
    with pytest.raises(InstrumentError, match=r"refused 'VOLT 30,\(@2\)': -222,\"Data out of range.*Compare the bench"):
        supply.send("VOLT 30,(@2)")


def test_a_channel_that_does_not_exist_is_refused_before_anything_is_sent(switch):
    sent = []
    switch.traffic = lambda _direction, text: sent.append(text)
    with pytest.raises(InstrumentError, match=r"there is no channel 2001 .* only 1001 to 1064"):
        switch.close(1001, 2001)
    assert sent == []


def test_traffic_is_told_in_order(supply):
    heard = []
    supply.traffic = lambda direction, text: heard.append((direction, text))
    supply.set_voltage(2, 12.0)
    assert heard == [
        ("sent", "VOLT 12,(@2)"),
        ("sent", "SYST:ERR?"),
        ("received", '+0,"No error"'),
    ]


def test_four_threads_on_one_driver_each_get_their_own_answer(supply):
    for output in (1, 2, 3):
        supply.set_voltage(output, output)

    def ask(number):
        output = number % 3 + 1
        return float(supply.ask(f"VOLT? (@{output})")) == output

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(ask, range(200)))
