"""The display as it is seen: every page fits, a finger finds what is shown, codes can be read, French is French."""

import base64
import re
import tomllib
from itertools import combinations

import pytest

from emulation.ecus.driver_display import DriverDisplay
from emulation.ecus.head_unit import driver_screen, layout, lettering, screen, texts
from emulation.ecus.head_unit.head_unit import HeadUnit
from emulation.ecus.head_unit.page import Element, switch
from emulation.ecus.head_unit.pin_pad import DOT, PinPad
from emulation.world import World
from harness.pictures import read_codes, size_of
from harness.units import S
from tests.ecus.display_port import ask, say

STATUS = screen.Status("Digital Key", "09:12", "en", "Owner", connected=True)
PEOPLE = {"Astrid Owner"}
"""Names, the same in every language."""
PICTURE_SIZE = 30_000
"""Bytes that no picture may exceed: on a UART that would be more than three seconds."""


@pytest.fixture
def car(car_of):
    car = car_of(HeadUnit, DriverDisplay)
    car.power().run(2 * S)
    return car


def picture(car, which="centre"):
    count, code = say(car, f"SCREENSHOT {which}", 4 * S).removeprefix("OK ").split()
    png = base64.b64decode(code, validate=True)
    assert len(png) == int(count) <= PICTURE_SIZE
    return png


def speak(car, language):
    say(car, "OPEN Settings > System > Language")
    assert say(car, f"TAP {language}") == "OK"


def pages(car):
    return list(car.ecus[0].pages)


def rich_page():
    """Everything that a page can have, at once."""
    pad = PinPad(lambda _pin: None)
    return {
        "help": Element("A long sentence that has to be broken into lines of the width that is left for it. " * 2),
        "code": Element("Scan it with the app", qr="https://polestar.test/link?" + "a1B2" * 12),
        "vin": Element("LPSVA1HL9MA000417", label="VIN"),
        "hint": Element(""),
        "sharing": switch(on=True, toggle=lambda: None, label="Data sharing"),
        "locked": switch(on=False, toggle=None, why_not="no coverage"),
        "password": Element("", enter=lambda _text: None, secret=True, label="Password"),
        **pad.page(),
    }


def disjoint(places):
    for (first, a), (second, b) in combinations(places.items(), 2):
        apart = a.x + a.width <= b.x or b.x + b.width <= a.x or a.y + a.height <= b.y or b.y + b.height <= a.y
        assert apart, f"{first} at {a} and {second} at {b}"


def on_screen(places):
    for name, (x, y, width, height) in places.items():
        assert width > 0, name
        assert height > 0, name
        assert x >= 0, name
        assert y >= layout.BAR, name
        assert x + width <= layout.WIDTH, name
        assert y + height <= layout.HEIGHT, name


@pytest.mark.parametrize("language", ["english", "french"])
def test_every_element_of_every_page_is_on_the_screen_and_over_no_other(car, language):
    """What ELEMENTS? tells of each page."""
    speak(car, language)
    for page in pages(car):
        say(car, f"OPEN {page}")
        places = {name: layout.Box(*shown["box"]) for name, shown in ask(car, "ELEMENTS?").items()}
        on_screen(places)
        disjoint(places)


def test_a_page_of_everything_and_a_page_of_many_fit_as_well():
    """Code, key pad, sentences, fields; and more rows than are comfortable."""
    for page in (rich_page(), {f"entry_{number}": Element(f"Entry {number}", lambda: None) for number in range(20)}):
        on_screen(layout.boxes(page))
        disjoint(layout.boxes(page))


@pytest.mark.parametrize("seed", range(1, 9))
def test_a_code_is_read_from_the_picture_whatever_it_says(seed):
    """Short and long, of any characters that a token may have; beside a key pad it is small."""
    numbers = World(seed).random("token")
    for length in (8, 40, 120, 250):
        token = "".join(numbers.choice("ABCdefGHI0123456789-_./:?=&") for _ in range(length))
        page = {"step": Element("Scan it"), "code": Element("With the app", qr=token)}
        assert read_codes(screen.draw("Apps > Digital Key", page, STATUS)) == [token]


def test_where_no_code_is_shown_none_is_read(car):
    """The bar, rows and switches are no code."""
    say(car, "OPEN Settings > Privacy")
    assert read_codes(picture(car)) == []


def test_a_touch_on_the_picture_is_a_tap_by_name(car_of):
    """Two cars in step: one is touched by name, one where the element is shown; every element of every page."""
    tapped, touched = (car_of(HeadUnit) for _ in range(2))
    for car in (tapped, touched):
        car.power().run(2 * S)
        car.tell("CEM_Ignition", Mode="I")
    for page in pages(tapped):
        say(tapped, f"OPEN {page}")
        for name in ask(tapped, "ELEMENTS?"):
            for car in (tapped, touched):
                say(car, f"OPEN {page}")
            shown = ask(touched, "ELEMENTS?")
            if name not in shown or name == "confirm":
                continue
            x, y, width, height = shown[name]["box"]
            answers = [say(tapped, f"TAP {name}"), say(touched, f"TOUCH {x + width // 2} {y + height // 2}")]
            if answers[0].startswith("ERROR 409") and answers[1] == "OK":
                continue  # a field: a finger only places the cursor
            assert answers[0] == answers[1], f"{name} on {page}"
            assert say(tapped, "PAGE?") == say(touched, "PAGE?")
            assert ask(tapped, "ELEMENTS?") == ask(touched, "ELEMENTS?")


def test_the_bar_leads_back_and_home_and_a_touch_on_nothing_says_so(car):
    """Two symbols on top; a point beside everything; a point that is none."""
    say(car, "OPEN Settings > System > Language")
    assert say(car, "TOUCH 30 30") == "OK"
    assert say(car, "PAGE?") == "OK Settings > System"
    assert say(car, "TOUCH 100 30") == "OK"
    assert say(car, "PAGE?") == "OK Home"
    assert say(car, "TOUCH 1000 760") == "ERROR 404 nothing is at 1000 760 of page Home"
    assert say(car, "TOUCH here").startswith("ERROR 400")
    assert say(car, "TOUCH -1 5").startswith("ERROR 400")


def test_in_french_every_text_of_every_page_is_french(car):
    """Each text, label and reason, and each part of a path, has its French; a VIN and numbers are the same in both."""
    speak(car, "french")
    unit = car.ecus[0]
    unknown = {}
    for page in pages(car):
        say(car, f"OPEN {page}")
        shown = dict(unit.pages[page]())
        for source in unit.sources.values():
            shown |= source.entries(page)
        said = page.split(" > ")
        for name, element in shown.items():
            said += [element.text, texts.label_of(name, element), element.why_not if not element.enabled else ""]
        said = [text for text in said if text and text not in PEOPLE and not re.search(r"\d", text)]
        missing = [text for text in said if not texts.is_known(text)]
        unknown |= {f"{page}: {text}": "no French" for text in missing if set(text) != {DOT}}
    assert unknown == {}


def test_the_driver_display_speaks_french_as_well():
    """Each of its messages, and each telltale."""
    said = [name.replace("_", " ").capitalize() for name in DriverDisplay.TEXTS.values() if name != "NONE"]
    said += [word for _, word in driver_screen.LAMPS.values()]
    assert [text for text in said if not texts.is_known(text)] == []


def test_no_text_has_two_translations():
    """Files of features may share a text; they agree on it then."""
    said = {}
    for file in sorted(texts.FOLDER.glob("*.toml")):
        for english, french in tomllib.loads(file.read_text()).items():
            assert said.setdefault(english, french) == french, f"{file.name}: {english}"


def test_names_and_paths_are_the_same_in_every_language_and_what_is_read_is_not(car):
    """A procedure finds its way in any language."""
    say(car, "OPEN Settings")
    english = ask(car, "TEXTS?")
    speak(car, "french")
    assert say(car, "OPEN Settings") == "OK"
    french = ask(car, "TEXTS?")
    assert list(english) == list(french)
    assert english["privacy"] == "Privacy"
    assert french["privacy"] == "Confidentialité"
    assert say(car, "PAGE?") == "OK Settings"


def test_every_letter_of_every_text_can_be_written():
    """The font has no accents: they are put together, and nothing else is asked of it."""
    for file in sorted(texts.FOLDER.glob("*.toml")):
        for text in [part for pair in tomllib.loads(file.read_text()).items() for part in pair]:
            assert [letter for letter in text if not lettering.can_write(letter)] == [], f"{file.name}: {text}"
    assert not lettering.can_write("\N{CYRILLIC SMALL LETTER ZHE}")


def test_a_picture_is_the_same_for_the_same_screen_and_another_for_another(car):
    """Down to the byte; the size is the display's."""
    say(car, "OPEN Settings > Privacy")
    first = picture(car)
    assert picture(car) == first
    assert size_of(first) == (layout.WIDTH, layout.HEIGHT)
    say(car, "TAP data_sharing")
    assert picture(car) != first
    say(car, "TAP data_sharing")
    assert picture(car) == first
    speak(car, "french")
    say(car, "OPEN Settings > Privacy")
    assert picture(car) != first


def test_the_driver_display_is_dark_until_it_tells_something_and_says_its_message_in_words(car):
    """It wakes with ignition II."""
    dark = picture(car, "driver")
    assert size_of(dark) == (1024, 384)
    car.drive("terminal_15", 12)
    car.run(1 * S)
    awake = picture(car, "driver")
    assert awake != dark
    car.drive("terminal_15", 0)
    car.run(3 * S)
    assert picture(car, "driver") == dark
    car.tell("DIM_Message", Text="CHARGING")
    says = picture(car, "driver")
    car.tell("DIM_Message", Text="AUTHORISING")
    assert len({dark, says, picture(car, "driver")}) == 3
