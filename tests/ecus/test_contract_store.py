"""The charger's contract store without a station: what it takes, tells and keeps (C-06, C-10, C-13 ... C-16)."""

from datetime import timedelta

import pytest

from emulation import offboard
from emulation.bench import EmulatedBench
from emulation.ecus.charger.charger import Charger
from emulation.offboard.pki_messages import InstallationResponse
from harness.units import H, S

SESSION = b"12345678"


@pytest.fixture
def bench():
    bench = EmulatedBench(1)
    offboard.install(bench)
    bench.parts["charger"] = Charger(bench)
    bench.parts["charger"].start()
    bench.line("battery").drive("hand", 12.6)
    bench.world.run(until=2 * S)
    return bench


@pytest.fixture
def store(bench):
    store = bench.parts["charger"].store
    store.allow(True)
    return store


@pytest.fixture
def provider(bench):
    return bench.parts["provider"]


@pytest.fixture
def fetch(store, provider):
    """Ask for a contract, and install what comes; returns why not."""

    def fetch(session=SESSION):
        return store.install(provider.certificate_installation(store.request(session)), SESSION)

    return fetch


def test_a_contract_is_wanted_until_there_is_one(store, provider, fetch):
    assert store.wants_install()
    assert not store.usable()
    provider.open("partner", store.pcid)
    assert fetch() == ""
    assert (store.state(), store.usable(), store.wants_install(), store.installed) == ("VALID", True, False, 1)
    assert provider.authorise(store.contract.emaid, store.contract.chain) == ""


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        ("signature", "signature wrong"),
        ("other_car", "key is for another car"),
        ("expired", "contract: certificate expired"),
        ("foreign_root", "contract: unknown root"),
        ("chain", "contract: chain broken"),
    ],
)
def test_what_is_wrong_is_not_taken_and_the_old_contract_stays(spoil, reason, store, provider, fetch):
    first = provider.open("partner", store.pcid)
    assert fetch() == ""
    provider.open("partner", store.pcid)
    provider.behaviour.spoil = spoil
    assert fetch() == reason
    assert store.contract.emaid == first.emaid
    assert store.usable()


def test_an_answer_to_another_session_is_not_taken(store, provider, fetch):
    provider.open("partner", store.pcid)
    assert fetch(b"87654321") == "answer to another request"


def test_an_answer_that_another_service_signed_is_not_taken(store, provider):
    provider.open("partner", store.pcid)
    right = provider.certificate_installation(store.request(SESSION))
    foreign = provider.pki.foreign[2]
    forged = InstallationResponse(right.contract, right.wrapped, foreign.chain, SESSION, foreign.sign(right.body()))
    assert store.install(forged, SESSION) == "provisioning service: unknown root"


def test_within_a_day_of_its_end_a_contract_is_asked_for_again(bench, store, provider, fetch):
    provider.behaviour.valid_for = 25 * H
    provider.open("partner", store.pcid)
    assert fetch() == ""
    assert not store.wants_install()
    end = store.ends()
    bench.world.now += 2 * H  # nothing is due in between that would tell another date
    assert end - store.now < timedelta(days=1)
    assert store.wants_install()
    assert store.usable()


def test_switching_it_on_again_asks_for_the_newest(store, provider, fetch):
    provider.open("partner", store.pcid)
    fetch()
    store.allow(False)
    assert not store.usable()
    assert not store.wants_install()
    store.add()
    assert not store.asked_for
    store.allow(True)
    assert store.wants_install()
    assert store.usable()


def test_all_of_it_outlives_the_battery(bench, store, provider, fetch):
    provider.open("partner", store.pcid)
    fetch()
    kept = store.contract
    bench.line("battery").drive("hand", 0)
    bench.world.run(until=bench.world.now + 5 * S)
    bench.line("battery").drive("hand", 12.6)
    bench.world.run(until=bench.world.now + 5 * S)
    assert store.contract is kept
    assert store.allowed
    assert bench.parts["charger"].store is store


def test_neither_key_is_shown(store, provider, fetch):
    provider.open("partner", store.pcid)
    fetch()
    for shown in (repr(store.contract), repr(store.provisioning), str(vars(store.contract).keys())):
        assert str(store.contract.key.private_numbers().private_value) not in shown
    assert "key=" not in repr(store.contract)
    store.delete()
    with pytest.raises(LookupError, match="ask usable"):
        store.sign(b"challenge")
