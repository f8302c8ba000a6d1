"""Charging on the centre display, in both languages, by what CAN tells (C-01, C-05, C-10, C-14, C-15)."""

import pytest

from emulation.ecus.head_unit.charging_pages import ACCOUNT, CHARGING, LEARN_MORE, PLUG_AND_CHARGE, ChargingPages
from emulation.ecus.head_unit.head_unit import HeadUnit
from emulation.ecus.head_unit.texts import FRENCH, is_known
from harness.units import MS, S


@pytest.fixture
def car(car_of):
    car = car_of(HeadUnit)
    car.power().run(2 * S)
    return car


@pytest.fixture
def unit(car):
    return car.ecus[0]


def texts(unit, path):
    unit.show(path)
    return {name: element.text for name, element in unit.elements().items()}


def test_every_text_of_charging_has_its_french(car, unit):
    """With and without a contract, switched on and off, and for every reason."""
    pages, said = unit.sources[ChargingPages], []
    for state in ("NONE", "VALID"):
        car.tell("OBC_Contract", State=state)
        for pages.on in (False, True):
            for pages.support in ("", "not available in Australia", "your provider does not offer it"):
                for draw in pages.pages().values():
                    said += [
                        e for e in draw().values() if not (e.label in ("PCID", "eMAID") or e.text in ("ON", "OFF"))
                    ]
    reasons = [element.why_not for element in said if not element.enabled]
    shown = {element.text for element in said} | {reason for reason in reasons if reason != "it is only text"}
    assert [text for text in shown if text and not is_known(text)] == []
    assert [name for name in pages.CONTRACTS.values() if not is_known(name)] == []


def test_the_display_speaks_french(car, unit):
    car.tell("OBC_Contract", State="NONE")
    unit.language = FRENCH
    assert texts(unit, CHARGING)["contract"] == "Aucun contrat installé"
    assert texts(unit, PLUG_AND_CHARGE)["learn_more"] == "En savoir plus"
    assert "câble" in texts(unit, LEARN_MORE)["explanation"]


def test_names_are_put_together_from_their_parts_and_forgotten_with_them(car, unit):
    """In any order; an empty name takes the place of the old one."""
    name = "SEZPSC00000001X"
    parts = [name[part * 6 : part * 6 + 6].encode() for part in range(3)]
    car.tell("OBC_Contract", State="VALID")
    for part in (2, 0, 1):
        car.tell("OBC_Identity", Kind="EMAID", Part=part, Text=int.from_bytes(parts[part], "little"))
    assert texts(unit, ACCOUNT)["emaid"] == "SE-ZPS-C00000001-X"
    for part in range(3):
        car.tell("OBC_Identity", Kind="EMAID", Part=part, Text=0)
    assert texts(unit, ACCOUNT)["emaid"] == ""


def test_each_touch_of_the_bin_counts_once_over_any_boot(car, unit):
    car.tell("OBC_Contract", State="VALID")
    unit.show(ACCOUNT)
    unit.elements()["remove"].tap()
    car.run(100 * MS)
    assert car.now("IHU_Charging", "RemoveCount") == 1
    car.power(0).run(1 * S)
    car.power(12.6).run(3 * S)
    assert car.now("IHU_Charging", "RemoveCount") == 1
    car.tell("OBC_Contract", State="NONE")
    unit.show(ACCOUNT)
    assert not unit.elements()["remove"].enabled
