"""On wall time no two looks are alike: the replay sees the recorded ones, over real sockets then and over none now."""

import pytest

from harness.bench import Bench, load
from harness.errors import ExpectationError
from harness.recording.folder import About
from harness.recording.recorded_wires import Replay
from harness.recording.recorder import Recorder
from harness.units import MS, S
from tests.serving import served

pytestmark = pytest.mark.alone


def scene(bench):
    """The battery is connected and the ignition turned; every instant that the harness read is part of the answer."""
    clock, network = bench.clock, bench.networks["body"]
    instants = [clock.now()]
    battery, ignition = bench.line("battery"), bench.line("terminal_s")
    battery.set_voltage(12.6)
    battery.set_power(True)
    instants.append(network.expect("CEM_Ignition.Mode", "OFF", 20 * S))
    ignition.press()
    instants += [network.expect("CEM_Ignition.Mode", "I", 20 * S), clock.now()]
    with pytest.raises(ExpectationError) as missed:
        network.expect("CEM_Ignition.Mode", "RUNNING", 200 * MS)
    ignition.release()
    bench.offboard.pull()
    network.pump()
    instants += [clock.now(), bench.uncertainty_between("body", "assistance")]
    return instants, str(missed.value), battery.measure_voltage(), bench.offboard.network(), clock.now()


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wall")
    with served() as desk:
        file = load(desk.file)
        file = file.model_copy(update={"bench": file.bench.model_copy(update={"watchdog": False})})
        about = About("scene", file.path, 1)
        with Bench.open(file, wiring=Recorder(folder, about, file)) as bench:
            answer = scene(bench)
    return folder, file, answer


def test_every_instant_every_message_every_quantity_is_the_same(recorded):
    """The served bench has ended: whatever the replay says, it has from the record."""
    folder, file, answer = recorded
    assert About.load(folder).wall
    with Bench.open(file, wiring=Replay(folder)) as bench:
        assert scene(bench) == answer


def test_another_judgement_of_a_recorded_run_is_another_verdict(recorded):
    folder, file, _ = recorded
    with Bench.open(file, wiring=Replay(folder)) as bench:
        bench.line("battery").set_voltage(12.6)
        bench.line("battery").set_power(True)
        bench.networks["body"].expect("CEM_Ignition.Mode", "OFF", 20 * S)
        bench.line("terminal_s").press()
        with pytest.raises(ExpectationError, match="did not become II within"):
            bench.networks["body"].expect("CEM_Ignition.Mode", "II", 1 * MS)
