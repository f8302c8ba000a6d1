"""Mobility providers without a car: contracts, answers, the way to a contract (C-02 ... C-04, C-10, C-16, C-17)."""

import pytest

from emulation.offboard.pki import pki
from emulation.offboard.pki_identity import is_emaid, pcid_of
from emulation.offboard.pki_messages import InstallationRequest
from emulation.offboard.pki_status import status
from harness.units import S
from tests.offboard.conftest import VIN

SESSION = b"12345678"


@pytest.fixture
def provider(out):
    return out.bench.parts["provider"]


@pytest.fixture
def pcid():
    return pcid_of(1, VIN)


@pytest.fixture
def ask(pcid):
    """A request of a car, signed by whoever holds the certificate of `signer`."""

    def request(signer=None, session=SESSION):
        unsigned = InstallationRequest(pki(1).provisioning(pcid).chain, session)
        key = pki(1).provisioning(signer or pcid)
        return InstallationRequest(unsigned.provisioning, session, key.sign(unsigned.body()))

    return request


def test_contracts_have_numbers_of_their_own_and_right_check_digits(provider, pcid):
    opened = [provider.open(company, pcid) for company in ("partner", "other") * 5]
    assert len({contract.emaid for contract in opened}) == 10
    assert all(is_emaid(contract.emaid) for contract in opened)
    assert {contract.emaid[:5] for contract in opened} == {"SEZPS", "DEZOT"}


def test_the_newest_contract_that_has_not_ended_is_sent(out, provider, pcid, ask):
    assert provider.certificate_installation(ask()) == "no contract for this car"
    first = provider.open("partner", pcid)
    out.run(2 * S)
    second = provider.open("other", pcid)
    provider.open("partner", "LPSANOTHERCAR0001")
    assert provider.certificate_installation(ask()).emaid == second.emaid
    provider.end(second)
    assert provider.certificate_installation(ask()).emaid == first.emaid
    assert [told["refused"] for told in out.data("provider", "installation")] == ["no contract for this car", "", ""]


def test_a_request_that_somebody_else_signed_gets_nothing(provider, pcid, ask):
    provider.open("partner", pcid)
    assert provider.certificate_installation(ask("LPSANOTHERCAR0001")) == "request signed wrong"
    forged = InstallationRequest(pki(1).foreign[2].chain, SESSION)
    assert "provisioning certificate: unknown root" in provider.certificate_installation(forged)


def test_a_contract_is_good_until_it_is_blocked_or_ended(provider, pcid):
    contract = provider.open("partner", pcid)
    chain = provider.credential(contract).chain
    issuer = pki(1).mo[2].certificate
    assert provider.authorise(contract.emaid, chain) == ""
    provider.block(contract, True)
    assert provider.authorise(contract.emaid, chain) == "contract blocked"
    assert status(provider.status(chain), chain[0], issuer, provider.now) == "good"
    provider.block(contract, False)
    provider.end(contract)
    assert provider.authorise(contract.emaid, chain) == "contract ended"
    assert status(provider.status(chain), chain[0], issuer, provider.now) == "revoked"
    assert provider.authorise("SEZPSC000000010", chain) == "contract unknown"
    assert provider.authorise(contract.emaid, ()) == "no certificate"


def test_nothing_secret_is_recorded(out, provider, ask, http):
    """Neither a key nor what the owner pays by."""
    provider.switched_on = True
    begun = http.post("/provider/set-ups", json={"phone": 1}).json()
    for step, value in (("vehicle", ""), ("tariff", "home"), ("payment", "4000 1234 5678 9010"), ("terms", "accepted")):
        begun = http.post(f"/provider/set-ups/{begun['id']}/steps", json={"step": step, "value": value}).json()
    assert begun["next"] == "plug_in"
    provider.certificate_installation(ask())
    told = str(out.records.after()) + str(begun)
    key = provider.credential(provider.contracts[0]).key.private_numbers().private_value
    assert "9010" not in told
    assert str(key) not in told
    assert f"{key:x}" not in told


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("POST", "/provider/set-ups", {"phone": 1}, 409),  # switched off
        ("POST", "/provider/set-ups", {"company": "nobody"}, 422),
        ("POST", "/provider/set-ups/1/steps", {"step": "terms"}, 404),
        ("GET", "/provider/contracts/SEZPSC000000010", None, 404),
        ("POST", "/provider/contracts/SEZPSC000000010/end", None, 404),
        ("PUT", "/provider", {"spoil": "luck"}, 422),
        ("PUT", "/provider", {"valid_for": 0}, 422),
    ],
)
def test_what_cannot_be_is_answered_as_a_problem(http, method, path, body, code):
    answer = http.request(method, path, json=body)
    assert answer.status_code == code
    assert answer.headers["content-type"] == "application/problem+json"


def test_as_usual_forgets_contracts_and_ways_to_them(http, provider, pcid):
    provider.open("partner", pcid)
    http.post("/provider/set-ups", json={"company": "other"})
    http.put("/provider", json={"offered": False, "spoil": "chain"})
    assert http.post("/world/as-usual").status_code == 204
    assert http.get("/provider/contracts").json() == http.get("/provider/set-ups").json() == []
    assert http.get("/provider").json()["offered"] is True
    assert http.get("/provider").json()["spoil"] is None
