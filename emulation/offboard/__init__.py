"""The world outside the car: radio network, assistance centre, emergency centre, app, behind one HTTP API."""

from __future__ import annotations

from emulation.bench import EmulatedBench
from emulation.offboard.accounts import Accounts, DeliveryCentre
from emulation.offboard.api import create_app
from emulation.offboard.app import App
from emulation.offboard.assistance import AssistanceCentre
from emulation.offboard.charge_operator import ChargeOperator
from emulation.offboard.connect import Connect
from emulation.offboard.emergency import EmergencyCentre
from emulation.offboard.immobiliser import Immobilisations
from emulation.offboard.linking import Linking
from emulation.offboard.links import Links
from emulation.offboard.network import RadioNetwork
from emulation.offboard.phone_commands import PhoneCommands
from emulation.offboard.phones import Phones
from emulation.offboard.provider import MobilityProvider
from emulation.offboard.provider_set_up import ContractSetUps
from emulation.offboard.records import Records
from emulation.offboard.remote import RemoteUnlocks
from emulation.offboard.roadside import RoadsideTerms
from emulation.offboard.station import ChargingStation
from emulation.offboard.theft import TheftDesk


def install(bench: EmulatedBench) -> None:
    """Build the part `records`, then every part below by its name, and the API in front of them."""
    bench.parts["records"] = Records(bench.world)
    for name, part in (
        ("network", RadioNetwork),
        ("connect", Connect),
        ("emergency", EmergencyCentre),
        ("roadside", RoadsideTerms),
        ("assistance", AssistanceCentre),
        ("app", App),
        ("accounts", Accounts),
        ("delivery_centre", DeliveryCentre),
        ("phones", Phones),
        ("links", Links),
        ("linking", Linking),
        ("phone_commands", PhoneCommands),
        ("theft_desk", TheftDesk),
        ("remote_unlocks", RemoteUnlocks),
        ("immobilisations", Immobilisations),
        ("provider", MobilityProvider),
        ("contract_set_ups", ContractSetUps),
        ("charge_operator", ChargeOperator),
        ("station", ChargingStation),
    ):
        bench.parts[name] = bench.variant(part)(bench)
    bench.http = create_app(bench)
