"""The personal SIM: its PIN on the display, tries and PUK, cards that are missing or not read (B-22, B-23)."""

import pytest

from fixtures import clauses
from harness.actors.sim_card import CARD_ERRORS
from harness.units import S


@pytest.fixture
def locked(workshop, sim_card):
    """A card that asks for its PIN, and a display that has come up to ask."""
    workshop.ask_for_pin()
    sim_card.expects_asked()
    return sim_card


@clauses("B-22")
def test_the_right_pin_on_the_display_leads_to_the_network(locked, workshop, limit, measure):
    """The display asks by itself; modem and network then say attached, within the time from the PIN."""
    assert locked.shown() == "PIN NEEDED"
    assert locked.error() == CARD_ERRORS["PIN NEEDED"]
    attach = workshop.watch_attach(locked.types_pin(), "attach from PIN")
    measure(attach.modem, "attach_from_pin")
    measure(attach.network, "attach_from_pin")
    locked.expects_shown("READY")
    assert workshop.bench.modem.pin_tries() == limit("pin_tries")


@clauses("B-22")
def test_each_wrong_pin_is_told_and_counted_down_to_the_puk(locked, workshop, limit):
    """Display and modem count alike; after the last try the card wants its PUK, and the right PIN opens nothing."""
    since = workshop.now()
    assert locked.tries_shown() == limit("pin_tries")
    for left in range(limit("pin_tries") - 1, 0, -1):
        locked.types_wrong_pin()
        assert locked.message() == "Wrong PIN"
        assert locked.tries_shown() == workshop.bench.modem.pin_tries() == left
        assert workshop.bench.modem.sim_state() == "SIM PIN"
    locked.types_wrong_pin()
    locked.expects_shown("PUK NEEDED")
    assert workshop.bench.modem.sim_state() == "SIM PUK"
    assert locked.error() == CARD_ERRORS["PUK NEEDED"]
    assert locked.tries_shown() == limit("puk_tries")
    workshop.stays_detached(10 * S, since=since)


@clauses("B-22")
def test_a_wrong_pin_does_not_cost_the_next_tries(locked, workshop, limit):
    """Two wrong ones, then the right one: the network, and all tries back."""
    locked.types_wrong_pin()
    locked.types_wrong_pin()
    workshop.watch_attach(locked.types_pin(), "attach from PIN")
    assert workshop.bench.modem.pin_tries() == limit("pin_tries")


@clauses("B-22")
def test_the_puk_opens_a_card_that_three_wrong_pins_have_locked(locked, workshop, limit):
    """A wrong PUK is told and counted; the right one, with a new PIN, leads to the network."""
    for _ in range(limit("pin_tries")):
        locked.types_wrong_pin()
    locked.expects_shown("PUK NEEDED")
    locked.types_puk(right=False)
    assert locked.message() == "Wrong PUK"
    assert locked.tries_shown() == limit("puk_tries") - 1
    workshop.watch_attach(locked.types_puk(), "attach from PUK")
    locked.expects_shown("READY")
    assert workshop.bench.modem.pin_tries() == limit("pin_tries")


@clauses("B-22")
def test_tries_used_at_the_modem_s_port_count_on_the_display_too(locked, workshop, limit):
    """One card, one count, whoever asks it; and it outlives a restart."""
    assert workshop.enter_wrong_pin() == limit("pin_tries") - 1
    locked.clock.sleep(limit("card_shown"))
    assert locked.tries_shown() == limit("pin_tries") - 1
    workshop.restart_modem()
    locked.expects_shown("PIN NEEDED")
    assert locked.tries_shown() == limit("pin_tries") - 1


@clauses("B-22")
@pytest.mark.usefixtures("locked")
def test_without_its_pin_there_is_no_network_whatever_the_switch_says(connectivity, workshop):
    """Modem Internet is on, the card waits: registration, Internet and Connect wait as well."""
    since = workshop.now()
    workshop.stays_detached(20 * S)
    assert workshop.timeline.stays("TCU_Status.Registration", "SIM_LOCKED", since=since)
    assert workshop.timeline.stays("TCU_Network.DataConnection", "OFF", since=since)
    assert connectivity.used() == "NONE"


@clauses("B-23")
@pytest.mark.parametrize("what", ["NO CARD", "UNREADABLE"])
def test_a_card_that_is_missing_or_cannot_be_read_is_told_as_such_and_connects_nothing(
    what, sim_card, workshop, connectivity, car
):
    """The display says which of both, the modem's port by its code; nothing registers until the card is good."""
    ready = sim_card.sentence()
    start = sim_card.takes_out() if what == "NO CARD" else sim_card.soils()
    sim_card.expects_shown(what)
    assert sim_card.sentence() not in ("", ready)
    assert sim_card.error() == CARD_ERRORS[what]
    assert car.expects("TCU_Status.Ready", 0, within=5 * S, since=start)
    gone = sim_card.now()
    workshop.stays_detached(20 * S, since=gone)
    assert not connectivity.timeline.was("TCU_Network.DataConnection", "ON", since=gone)
    back = sim_card.puts_in()
    workshop.watch_attach(back, "attach from a card")
    sim_card.expects_shown("READY")
    assert sim_card.error() == 0


@clauses("B-23")
@pytest.mark.parametrize("what", ["NO CARD", "UNREADABLE"])
def test_so_is_a_card_that_was_so_when_the_car_was_powered(what, sim_card, workshop):
    """Booted without a good card: the same words, the same code, no attach."""
    workshop.power_down()
    (sim_card.takes_out if what == "NO CARD" else sim_card.soils)()
    start = workshop.power_up()
    sim_card.expects_shown(what)
    assert sim_card.error() == CARD_ERRORS[what]
    workshop.stays_detached(20 * S, since=start)


@clauses("B-23")
def test_a_card_that_is_put_in_again_asks_for_its_pin_again(locked, workshop):
    """What was opened before it was taken out is locked again."""
    workshop.watch_attach(locked.types_pin(), "attach from PIN")
    locked.takes_out()
    locked.expects_shown("NO CARD")
    back = locked.puts_in()
    locked.expects_asked()
    locked.expects_shown("PIN NEEDED")
    workshop.stays_detached(10 * S, since=back)
