"""The certificates of Plug & Charge: names, chains, status, and keys that travel (C-04, C-06, C-10, C-16)."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulation.epoch import EPOCH, date
from emulation.offboard.pki import DAY, Pki, common_name, pki
from emulation.offboard.pki_chain import BROKEN, EMPTY, EXPIRED, FOREIGN, NO_AUTHORITY, NOT_YET, distrust, verifies
from emulation.offboard.pki_identity import SYMBOLS, check_digit, emaid, is_emaid, is_pcid, pcid_of, printed
from emulation.offboard.pki_status import ANSWER_LASTS, Responder, status
from emulation.offboard.pki_wrap import WrappedKey, belongs, unwrap, wrap
from harness.units import S

NOW = EPOCH + 10 * DAY
EMAID = emaid("SE", "ZPS", "C00000001")
CAR = "LPS0123456789ABCD"


@pytest.fixture(scope="module")
def authorities() -> Pki:
    return pki(1)


@pytest.fixture(scope="module")
def contract(authorities):
    return authorities.contract(EMAID, 1, NOW - DAY, NOW + 300 * DAY)


# Names


@pytest.mark.parametrize("known", ["NLTNM000122045U", "NLTNMC00122045K", "DE83DUIEN83QGZD"])
def test_the_check_digit_is_that_of_published_examples(known):
    """Examples that providers and their tools publish."""
    assert check_digit(known[:-1]) == known[-1]
    assert is_emaid(known)


CODES = st.text(SYMBOLS, min_size=9, max_size=9)


@given(CODES, st.integers(0, 13), st.sampled_from(SYMBOLS))
def test_one_wrong_character_is_always_noticed(instance, place, other):
    right = emaid("SE", "ZPS", instance)
    wrong = right[:place] + other + right[place + 1 :]
    assert is_emaid(right)
    assert (right == wrong) is is_emaid(wrong) or not wrong[:2].isalpha()


@given(CODES, st.integers(5, 12))
def test_two_neighbours_changed_round_are_always_noticed(instance, place):
    right = emaid("SE", "ZPS", instance)
    wrong = right[:place] + right[place + 1] + right[place] + right[place + 2 :]
    assert right == wrong or not is_emaid(wrong)


@pytest.mark.parametrize("parts", [("S", "ZPS", "C00000001"), ("SE", "zps", "C00000001"), ("SE", "ZPS", "C0000001")])
def test_parts_of_another_form_make_no_emaid(parts):
    with pytest.raises(ValueError, match="expected 2 letters, 3 and 9"):
        emaid(*parts)


def test_an_emaid_is_printed_with_dashes():
    assert printed("NLTNM000122045U") == "NL-TNM-000122045-U"


def test_each_car_and_each_seed_has_a_pcid_of_its_own():
    """17 letters and digits that begin with the maker and tell nothing of the VIN."""
    names = {pcid_of(seed, vin) for seed in range(5) for vin in ("LPSVA1HL9MA000417", "LPSVA1HL9MA000418")}
    assert len(names) == 10
    assert all(is_pcid(name) and name.startswith("LPS") for name in names)
    assert not is_pcid("LPS-0123456789ABC")


# Authorities


def test_the_same_seed_makes_the_same_certificates_and_another_seed_others():
    again, other = Pki(1), Pki(2)
    for name in ("v2g", "service", "oem", "mo", "foreign"):
        mine = [each.certificate for each in getattr(pki(1), name)]
        assert mine == [each.certificate for each in getattr(again, name)]
        assert not set(mine) & {each.certificate for each in getattr(other, name)}
    assert pki(1) is pki(1)


def test_a_credential_never_shows_its_key(contract):
    assert "key=" not in repr(contract)
    assert str(contract.key.private_numbers().private_value) not in repr(contract)


# Chains


def test_a_chain_is_believed_under_its_own_root_only(authorities, contract):
    for root in (authorities.v2g, authorities.oem, authorities.foreign):
        assert distrust(contract.chain, root[0].certificate, NOW) == FOREIGN
    assert distrust(contract.chain, authorities.mo[0].certificate, NOW) == ""
    assert distrust(authorities.provisioning(CAR).chain, authorities.oem[0].certificate, NOW) == ""
    assert distrust(authorities.provisioning_service.chain, authorities.v2g[0].certificate, NOW) == ""
    station = authorities.station("SE*ZCP*E1", NOW - DAY, NOW + DAY)
    assert distrust(station.chain, authorities.v2g[0].certificate, NOW) == ""
    assert common_name(station.chain[0]) == station.name == "SE*ZCP*E1"


def test_validity_ends_to_the_second(authorities, contract):
    root, until = authorities.mo[0].certificate, contract.certificate.not_valid_after_utc
    since = contract.certificate.not_valid_before_utc
    second = timedelta(seconds=1)
    assert [distrust(contract.chain, root, at) for at in (since - second, since)] == [NOT_YET, ""]
    assert [distrust(contract.chain, root, at) for at in (until - second, until)] == ["", EXPIRED]


def test_a_chain_with_a_link_missing_or_too_many_is_broken(authorities, contract):
    root, chain = authorities.mo[0].certificate, contract.chain
    assert distrust((), root, NOW) == EMPTY
    assert distrust((chain[0], chain[2]), root, NOW) == BROKEN
    assert distrust((*chain, root), root, NOW) == BROKEN
    assert distrust((chain[0], *authorities.foreign[2].chain), root, NOW) == BROKEN


def test_a_leaf_is_no_authority(authorities, contract):
    """Whoever has a contract cannot make another one."""
    forged = authorities._leaf("SEZPSC00000002", contract, NOW - DAY, NOW + DAY)
    assert distrust((forged.certificate, *contract.chain[:2]), contract.chain[2], NOW) == NO_AUTHORITY


def test_a_signature_is_the_holder_s_and_of_these_bytes(authorities, contract):
    signature = contract.sign(b"challenge")
    assert signature == contract.sign(b"challenge")
    assert verifies(contract.certificate, signature, b"challenge")
    assert not verifies(contract.certificate, signature, b"Challenge")
    assert not verifies(authorities.provisioning(CAR).certificate, signature, b"challenge")


# Status


def test_a_certificate_is_good_until_it_is_taken_back(authorities, contract):
    responder = Responder(authorities.mo[2])
    issuer = authorities.mo[2].certificate
    assert status(responder.answer(contract.certificate, NOW), contract.certificate, issuer, NOW) == "good"
    responder.revoke(contract.certificate, NOW + DAY)
    responder.revoke(contract.certificate, NOW - DAY)  # the first word counts
    for at, told in ((NOW, "good"), (NOW + DAY, "revoked")):
        assert status(responder.answer(contract.certificate, at), contract.certificate, issuer, at) == told
    responder.restore([contract.certificate])
    assert status(responder.answer(contract.certificate, NOW + DAY), contract.certificate, issuer, NOW + DAY) == "good"


def test_an_answer_is_good_for_its_certificate_and_its_time(authorities, contract):
    responder, issuer = Responder(authorities.mo[2]), authorities.mo[2].certificate
    other = authorities.contract(emaid("SE", "ZPS", "C00000002"), 2, NOW - DAY, NOW + DAY)
    answer = responder.answer(contract.certificate, NOW)
    assert status(answer, other.certificate, issuer, NOW) == "unknown"
    assert status(answer, contract.certificate, authorities.oem[2].certificate, NOW) == "unknown"
    assert status(b"", contract.certificate, issuer, NOW) == "unknown"
    assert status(answer, contract.certificate, issuer, NOW + ANSWER_LASTS + timedelta(seconds=1)) == "stale"
    assert status(answer, contract.certificate, issuer, NOW - timedelta(seconds=1)) == "stale"


# Keys that travel


@settings(max_examples=20, deadline=None)
@given(st.binary(min_size=16, max_size=16), st.integers(1, 1_000))
def test_a_wrapped_key_comes_out_for_its_car_alone(iv, number):
    authorities = pki(1)
    contract = authorities.contract(EMAID, 1, NOW - DAY, NOW + 300 * DAY)
    car, other = authorities.provisioning(CAR), authorities.provisioning("LPS0123456789ABCE")
    wrapped = wrap(contract.key, car.certificate, authorities.private_key(f"ephemeral {number}"), iv)
    assert wrapped.encrypted[:16] == iv
    assert len(wrapped.encrypted) == 48
    assert belongs(unwrap(wrapped, car.key), contract.certificate)
    assert not belongs(unwrap(wrapped, other.key), contract.certificate)


def test_what_is_no_key_does_not_come_out(authorities, contract):
    car = authorities.provisioning(CAR)
    wrapped = wrap(contract.key, car.certificate, authorities.private_key("ephemeral"), bytes(16))
    assert unwrap(WrappedKey(b"no point", wrapped.encrypted), car.key) is None
    assert unwrap(WrappedKey(wrapped.ephemeral, wrapped.encrypted[:40]), car.key) is None
    assert "encrypted" not in repr(wrapped)


def test_simulated_time_has_a_date():
    assert date(0) == EPOCH
    assert date(90 * S) - EPOCH == timedelta(seconds=90)
