"""Two ports that had something in one look at the wires: on wall time filing one reads the clock before the other."""

from harness.recording.folder import About
from harness.recording.player import Player
from harness.recording.recorded_wires import RecordedClock, RecordedPort
from harness.recording.tape import Kind, Tape
from harness.units import S


def test_the_second_port_s_answer_is_there_when_the_wait_looks(tmp_path):
    tape = Tape()
    tape.add(Kind.WAIT, 10)
    tape.add(Kind.PUMP, 20)
    tape.say(Kind.READ, 21, {"on": "serial.gnss", "got": "$GP\n"})
    tape.add(Kind.NOW, 22)
    tape.say(Kind.READ, 23, {"on": "serial.head_unit", "got": "OK "})
    tape.say(Kind.READ, 24, {"on": "serial.head_unit", "got": "1\n"})
    tape.add(Kind.ASK, 25)
    tape.add(Kind.DONE, 25, 1)
    tape.flush(tmp_path)
    About("two ports", "bench.toml", 1, wall=True).save(tmp_path)
    player = Player(tmp_path)
    clock = RecordedClock(player)
    gnss, head_unit = RecordedPort(player, "gnss"), RecordedPort(player, "head_unit")
    filed = []

    def pump(port):
        while waiting := port.in_waiting:
            filed.append((port.read(waiting), clock.now()))

    clock.attach(lambda: pump(gnss))
    clock.attach(lambda: pump(head_unit))
    assert clock.wait(lambda: b"1\n" in [data[-2:] for data, _ in filed], 1 * S)
    assert filed[0] == (b"$GP\n", 22)
    assert b"".join(data for data, _ in filed[1:]) == b"OK 1\n"
    assert clock.now() == 25
