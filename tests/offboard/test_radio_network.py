"""The radio network: who is received, attached and put through, where, and in what time."""

import pytest

from emulation.ecus.gnss import Sky
from emulation.offboard import cell
from emulation.offboard import network as radio
from emulation.offboard.countries import ALWAYS_EMERGENCY, COUNTRIES, HOME, country
from harness.units import MS, NS, S
from tests.offboard.conftest import ASSISTANCE_SE, IMSI, OffboardBench


def test_an_attach_is_answered_within_the_bounds_that_the_network_states(out):
    for _ in range(50):
        asked = out.world.now
        out.attach()
        assert radio.ATTACH[0] <= out.world.now - asked <= radio.ATTACH[2]


def test_the_network_knows_an_attached_modem_and_its_connection_until_it_detaches(out):
    states = [out.network.state(IMSI)]
    out.attach()
    states.append(out.network.state(IMSI))
    out.network.set_rrc(IMSI, True)
    states.append(out.network.state(IMSI))
    out.network.detach(IMSI)
    states.append(out.network.state(IMSI))
    assert states == ["ON", "ATT", "CEST", "ON"]


def test_a_cell_that_was_switched_off_has_forgotten_its_subscribers(out):
    out.attach()
    out.network.set_cell(False)
    assert out.network.state(IMSI) == "OFF"
    assert not out.network.receivable
    out.network.set_cell(True)
    assert out.network.state(IMSI) == "ON"


def test_a_rejecting_network_answers_with_its_cause_and_attaches_nobody(out):
    out.network.reject_cause = 11
    answer = out.network.attach(IMSI)
    out.run(5 * S)
    assert answer.value == 11
    assert out.network.state(IMSI) == "ON"


@pytest.mark.parametrize("lost_after", [0, 100 * MS])
def test_an_attach_without_coverage_is_never_answered(out, lost_after):
    answer = out.network.attach(IMSI)
    out.network.schedule(lost_after, coverage="none")
    out.run(60 * S)
    assert not answer.happened


@pytest.mark.parametrize(
    ("power", "coverage", "rsrp"),
    [
        (-80.0, "full", -80.0),
        (-80.0, "weak", -118.0),
        (-80.0, "none", None),
        (-90.0, "weak", None),
        (-125.0, "full", None),
    ],
)
def test_what_is_received_is_the_cell_s_power_less_the_path(out, power, coverage, rsrp):
    out.network.set_cell_power(power)
    out.network.change(coverage=coverage)
    assert out.network.rsrp_dbm == rsrp
    assert out.network.receivable == (rsrp is not None)


def test_on_the_cell_s_edge_some_attach_requests_get_lost_and_the_others_take_longer(out):
    out.network.change(coverage="weak")
    answered = []
    for _ in range(200):
        asked = out.world.now
        if out.world.run(until=asked + 5 * S, condition=out.network.attach(IMSI)):
            answered.append(out.world.now - asked)
    assert 0.1 < 1 - len(answered) / 200 < 0.3
    assert min(answered) >= cell.WEAK_SLOWER * radio.ATTACH[0]


@pytest.mark.parametrize("wrong", [{"coverage": "poor"}, {"country": "XX"}])
def test_a_change_that_cannot_be_is_refused_whole_and_says_what_can(out, wrong):
    with pytest.raises(ValueError, match="expected one of"):
        out.network.change(**({"coverage": "none", "country": "NO"} | wrong))
    with pytest.raises(ValueError, match="expected one of"):
        out.network.schedule(1 * S, **wrong)
    assert (out.network.coverage, out.network.country) == ("full", "SE")


def test_a_border_is_crossed_at_the_instant_that_was_scheduled_and_the_sky_goes_with_the_car(out):
    out.network.schedule(40 * S, country="GB")
    out.run(40 * S - 1 * NS)
    assert (out.network.country, out.sky.latitude) == ("SE", COUNTRIES["SE"].latitude)
    out.run(1 * NS)
    assert (out.network.country, out.sky.latitude) == ("GB", COUNTRIES["GB"].latitude)


def test_whoever_waits_for_a_change_wakes_at_each_one(out):
    changes = []

    def watch():
        while True:
            yield out.network.changed()
            changes.append((out.network.cell_on, out.network.coverage, out.network.country, out.network.plmn))

    out.world.spawn(watch(), "watch")
    out.run(1 * S)
    for change in ({"coverage": "none"}, {"country": "NO"}, {"plmn": "00102"}):
        out.network.change(**change)
        out.run(1 * S)
    out.network.set_cell(False)
    out.run(1 * S)
    assert changes == [
        (True, "none", "SE", "00101"),
        (True, "none", "NO", "00101"),
        (True, "none", "NO", "00102"),
        (False, "none", "NO", "00102"),
    ]


@pytest.mark.parametrize(
    ("land", "number", "category", "target"),
    [
        ("GB", "999", None, "emergency"),
        ("FR", "999", None, None),  # the neighbour's number is nobody's here
        ("FR", "999", 4, "emergency"),  # an emergency set-up needs no number
        ("HK", "110", None, None),
        ("CN", "110", None, "emergency"),
        ("AU", "000", None, "emergency"),
        ("US", "112", None, "emergency"),
        ("GB", ASSISTANCE_SE, None, "assistance"),
    ],
)
def test_the_dialled_number_and_the_country_decide_who_is_called(out, land, number, category, target):
    out.attach()
    out.network.change(country=land)
    call = out.network.dial(IMSI, number, category)
    out.run(20 * S)
    assert (call.target, call.country, call.connected) == (target, land, target is not None)
    assert call.ended.value == (None if target else "unreachable")


def test_a_car_that_is_not_attached_reaches_the_emergency_centre_and_nobody_else(out):
    emergency, assistance = out.network.dial(IMSI, "112"), out.network.dial(IMSI, ASSISTANCE_SE)
    out.run(20 * S)
    assert emergency.connected
    assert assistance.ended.value == "lost"


def test_a_call_rings_after_the_set_up_time_that_the_network_states(out):
    out.attach()
    call = out.network.dial(IMSI, ASSISTANCE_SE)
    out.world.run(until=60 * S, condition=call.alerting)
    assert radio.SET_UP[0] <= call.alerting.value - call.started <= radio.SET_UP[2]


def test_without_coverage_a_call_is_lost(out):
    out.attach()
    out.network.change(coverage="none")
    call = out.network.dial(IMSI, ASSISTANCE_SE)
    out.run(20 * S)
    assert call.ended.value == "lost"
    assert out.assistance.calls == []


@pytest.mark.parametrize(
    ("gap", "survives"), [(radio.LINK_FAILURE - 1 * MS, True), (radio.LINK_FAILURE + 1 * MS, False)]
)
def test_a_call_outlives_a_gap_in_coverage_that_is_short_enough(out, gap, survives):
    call = out.call()
    gap_begins = out.world.now
    out.network.change(coverage="none")
    out.network.schedule(gap, coverage="full")
    out.run(20 * S)
    assert call.connected == survives
    if not survives:
        assert (call.ended.value, call.ended_at) == ("lost", gap_begins + radio.LINK_FAILURE)


def test_a_call_goes_on_across_the_border_and_keeps_the_country_it_began_in(out):
    call = out.call()
    out.network.change(country="NO")
    out.run(20 * S)
    assert call.connected
    assert call.country == "SE"


def test_a_car_that_hangs_up_during_set_up_never_reaches_the_centre(out):
    out.attach()
    call = out.network.dial(IMSI, ASSISTANCE_SE)
    out.run(radio.SET_UP[0] - 1 * MS)
    call.hang_up()
    out.run(20 * S)
    assert (call.ended.value, call.answered.happened) == ("local", False)
    assert out.assistance.calls == []


def test_no_record_holds_a_subscriber_s_identity(out):
    out.call()
    out.network.detach(IMSI)
    assert IMSI not in repr(out.records.after())
    assert [data["subscriber"] for data in out.data("network", "detached")] == ["00101********89"]


def test_the_same_seed_repeats_every_event_and_another_seed_does_not(make):
    def story(seed: int) -> list:
        out: OffboardBench = make(seed)
        out.call().end("lost")
        out.run(600 * S)
        return out.records.after()

    assert story(7) == story(7)
    assert story(7) != story(8)


def test_the_car_begins_at_the_test_position_of_its_first_country():
    sky, home = Sky(), country(HOME)
    assert (sky.latitude, sky.longitude) == (home.latitude, home.longitude)


def test_neighbours_are_mutual_and_two_pairs_of_them_have_different_emergency_numbers():
    pairs = {(land.code, other) for land in COUNTRIES.values() for other in land.neighbours}
    assert {(b, a) for a, b in pairs} == pairs
    differing = {frozenset(pair) for pair in pairs if len({country(code).emergency_number for code in pair}) == 2}
    assert differing == {frozenset({"GB", "FR"}), frozenset({"HK", "CN"})}


def test_no_assistance_number_can_ring_anybody_and_each_country_has_its_own():
    numbers = [land.assistance_number for land in COUNTRIES.values()]
    assert all(number.startswith("+999") for number in numbers)  # E.164: assigned to nobody
    assert len(set(numbers)) == len(numbers)
    assert not set(numbers) & {*ALWAYS_EMERGENCY}


def test_an_unknown_country_is_refused_by_naming_those_there_are():
    with pytest.raises(ValueError, match="unknown country 'SV': expected one of SE, NO, DE"):
        country("SV")
