"""Linking from inside: whatever is lost on the way, display and service agree in the end (A-03, A-11)."""

import pytest

from emulation.ecus.head_unit.linking_pages import LINK, LinkingPages
from emulation.offboard.accounts import OWNER, OWNER_PASSWORD
from emulation.offboard.linking import Linking
from emulation.plugin import build
from harness.units import MIN, MS, S

BOOT = 20 * S


class Car:
    """A car with both keys inside and nobody linked; a hand on its display and a phone in the other."""

    def __init__(self, seed: int = 1) -> None:
        self.bench = build(seed)
        self.bench.line("battery").drive("supply", 12.6)
        for number in (1, 2):
            self.bench.line(f"key_{number}_inside").drive("relay", 5.0)
        self.run(BOOT)
        self.unit = self.bench.parts["head_unit"]
        self.key = self.unit.sources[LinkingPages].key
        self.links, self.linking = self.bench.parts["links"], self.bench.parts["linking"]
        self.phone = self.bench.parts["phones"].phones[1]
        self.phone.vin = self.unit.vin
        self.links.delete(self.links.links[0], "app")
        self.run(5 * S)
        self.key.log_in(OWNER, OWNER_PASSWORD)
        self.run(5 * S)

    def run(self, duration: int) -> None:
        self.bench.world.run(until=self.bench.world.now + duration)

    def code(self) -> str:
        return self.unit.pages[LINK]()["code"].qr

    def begin(self) -> None:
        self.key.begin()
        self.unit.show(LINK)
        self.run(5 * S)

    def play(self, pause: int) -> None:
        """Do at every pause whatever can be done, as somebody who is not patient."""
        for _ in range(16):
            showing = self.key.showing
            if showing is not None and showing.step == "scan":
                self.linking.scan(self.phone, self.code())
            elif showing is not None and showing.step == "user":
                self.key.confirm()
            else:
                self.linking.confirm_in_app(self.phone)
            self.run(pause)

    def agrees(self) -> bool:
        linked = self.links.of_profile("OWNER") is not None
        return linked == ("OWNER" in self.key.linked) and (self.key.showing is None or not self.key.showing.is_open)


def test_nobody_confirms_and_both_sides_give_up():
    car = Car()
    car.begin()
    car.linking.scan(car.phone, car.code())
    car.run(Linking.STEP_VALID + 5 * S)
    assert (car.key.showing.step, car.key.showing.reason) == ("failed", "nobody confirmed in time")
    assert car.linking.newest(1).step == "failed"
    assert car.links.links == []


@pytest.mark.parametrize("seed", range(3))
def test_on_the_cell_s_edge_both_sides_agree_whatever_got_lost(seed):
    """A third of all signals and answers is lost: linked on both sides or on none, once coverage is good again."""
    car = Car(seed)
    car.bench.parts["network"].change(coverage="weak")
    car.begin()
    car.play(3 * S)
    car.bench.parts["network"].change(coverage="full")
    car.run(2 * MIN)
    assert car.agrees()


@pytest.mark.parametrize("cut", range(3))
def test_coverage_cut_at_any_moment_leaves_both_sides_agreed(cut):
    """While signals are under way, and between them; one linked side alone would be a half link."""
    car = Car()
    car.begin()
    gone = car.bench.world.now + 1_700 * MS + cut * 1_300 * MS
    car.bench.world.call_at(gone, lambda _: car.bench.parts["network"].change(coverage="none"))
    car.play(500 * MS)
    car.bench.parts["network"].change(coverage="full")
    car.run(2 * MIN)
    assert car.agrees()


def test_a_display_that_boots_has_given_up():
    """And the service hears of it: nothing is linked by what the app confirms then."""
    car = Car()
    car.begin()
    car.linking.scan(car.phone, car.code())
    car.run(2 * S)
    car.unit.reset()
    car.run(5 * S)
    assert car.key.showing.reason == "the display was switched off"
    assert car.linking.newest(1).step == "failed"
    assert car.linking.confirm_in_app(car.phone) == "this is not the app's turn"


def test_a_seed_decides_the_codes():
    codes = []
    for seed in (3, 3, 4):
        car = Car(seed)
        car.begin()
        codes.append(car.code())
    assert codes[0] == codes[1] != codes[2]


def test_the_car_learns_of_a_link_deleted_while_it_was_away_and_of_the_newest_state_alone():
    car = Car()
    car.begin()
    car.play(2 * S)
    assert car.key.linked == {"OWNER": "Astrid Owner"}
    car.bench.parts["network"].change(coverage="none")
    car.links.delete(car.links.links[0], "app")
    car.run(1 * MIN)
    assert car.key.linked == {"OWNER": "Astrid Owner"}
    car.bench.parts["network"].change(coverage="full")
    car.run(1 * MIN)
    assert car.key.linked == {}
    assert car.bench.parts["telematics"].services.linked_users == 0
