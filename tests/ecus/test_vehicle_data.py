"""The car as data: a database that a lab would believe, and that agrees with the contract in docs/interfaces.md."""

import re
import tomllib
from pathlib import Path

import pytest

from emulation.ecus.base.vehicle import FILES, database, diagnostics, protections, start_values

MESSAGES = [message.name for message in database().messages]
INTERFACES = (Path(__file__).parents[2] / "docs" / "interfaces.md").read_text()


def test_the_bus_weighs_what_a_real_one_weighs():
    """At least 30 messages of 13 nodes, and 1,000 frames/s in sum."""
    messages = database().messages
    assert len(messages) >= 30
    assert len({message.senders[0] for message in messages}) == len(database().nodes) == 13
    assert 1_000 <= sum(1_000 / message.cycle_time for message in messages if message.cycle_time) <= 1_200


@pytest.mark.parametrize("name", MESSAGES)
def test_start_values_survive_a_round_trip(name):
    """What start values encode to decodes to the same values, strictly within the ranges of the database."""
    values, payload = start_values(name)
    decoded = database().get_message_by_name(name).decode(payload)
    assert {key: str(value) for key, value in decoded.items()} == {key: str(value) for key, value in values.items()}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_says_who_hears_it_how_often_and_what_it_is_for(name):
    """Sender, cycle, send type, comment, and a receiver for each signal that is not the sender."""
    message = database().get_message_by_name(name)
    assert len(message.senders) == 1
    assert name.startswith(message.senders[0])
    assert message.cycle_time
    assert message.send_type in {"Cyclic", "CyclicAndOnChange"}
    assert message.comment
    for signal in message.signals:
        assert signal.receivers
        assert message.senders[0] not in signal.receivers


def test_the_contract_and_the_database_name_the_same_signals():
    """Each `Message.Signal` of the contract's table exists, with each value name of its row."""
    rows = [line for line in INTERFACES.splitlines() if re.match(r"\| `[A-Z]+_\w+\.", line)]
    assert len(rows) >= 15
    for row in rows:
        cells = row.split("|")
        name = ""
        for reference in re.findall(r"`([A-Z]+_\w+)?\.(\w+)`", cells[1]):
            name = reference[0] or name
            signal = database().get_message_by_name(name).get_signal_by_name(reference[1])
            if signal.choices and "." not in cells[2]:
                listed = set(re.findall(r"`([A-Z0-9_]+)`", cells[2]))
                assert listed <= {str(choice) for choice in signal.choices.values()}, row


def test_cycle_and_send_type_are_those_of_the_contract():
    """ACM_Crash 10 ms; CEM_Ignition 20 ms and on change; the three status messages 100 ms and on change."""
    wanted = {
        "ACM_Crash": (10, "Cyclic"),
        "CEM_Ignition": (20, "CyclicAndOnChange"),
        "OHC_Status": (100, "CyclicAndOnChange"),
        "TCU_Call": (100, "CyclicAndOnChange"),
        "TCU_Status": (100, "CyclicAndOnChange"),
    }
    for name, (cycle, send_type) in wanted.items():
        message = database().get_message_by_name(name)
        assert (message.cycle_time, message.send_type) == (cycle, send_type)


def test_no_two_protected_messages_share_a_data_id():
    """A frame under another identifier must not pass the other's CRC."""
    ids = [protection.data_id for protection in protections().values()]
    assert len(ids) == len(set(ids)) >= 6


@pytest.mark.parametrize("name", protections())
def test_crc_and_counter_stand_where_the_profile_wants_them(name):
    """The sidecar's signal names lead to the bytes that the AUTOSAR profile fixes."""
    entry = tomllib.loads((FILES / "body.e2e.toml").read_text())[name]
    message = database().get_message_by_name(name)
    crc, counter = message.get_signal_by_name(entry["crc"]), message.get_signal_by_name(entry["counter"])
    places = {"P01": (0, 8, 8, 4), "P02": (0, 8, 8, 4), "P05": (0, 16, 16, 8)}
    assert (crc.start, crc.length, counter.start, counter.length) == places[entry["profile"]]


def test_all_three_profiles_are_on_the_bus():
    """P01 on the crash, P02 on the ignition, P05 somewhere."""
    entries = tomllib.loads((FILES / "body.e2e.toml").read_text())
    assert entries["ACM_Crash"]["profile"] == "P01"
    assert entries["CEM_Ignition"]["profile"] == "P02"
    assert "P05" in {entry["profile"] for entry in entries.values()}


def test_every_node_can_be_diagnosed_at_identifiers_of_its_own():
    """Thirteen ECUs, twenty-six identifiers, none of them a message's or the functional one."""
    entries = diagnostics()
    assert set(entries) == {node.name for node in database().nodes}
    used = [identifier for entry in entries.values() for identifier in (entry.request, entry.response)]
    assert len(set(used)) == 26
    assert not {message.frame_id for message in database().messages} & set(used)
    assert 0x7DF not in used


def test_a_vin_has_its_check_digit():
    """ISO 3779 with the check digit of position 9, over an alphabet without I, O and Q."""
    worth = dict(zip("0123456789ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "012345678912345678123457923456789"), strict=True))
    weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
    for entry in diagnostics().values():
        remainder = sum(worth[letter] * weight for letter, weight in zip(entry.vin, weights, strict=True)) % 11
        assert entry.vin[8] == "0123456789X"[remainder]


def test_trouble_codes_are_three_bytes_and_unique_within_an_ecu():
    """A workshop must not find one code under two names."""
    for entry in diagnostics().values():
        codes = [code.code for code in entry.trouble_codes.values()]
        assert len(codes) == len(set(codes))
        assert all(0 < code <= 0xFFFFFF for code in codes)
        assert all(code.text for code in entry.trouble_codes.values())
