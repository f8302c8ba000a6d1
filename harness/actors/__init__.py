"""Who acts in a manual: driver, car, operator, crash, owner, surroundings, workshop, each over any bench."""

from harness.actors.assistance_desk import AssistanceDesk
from harness.actors.car import Car, Identity
from harness.actors.charging_settings import ChargingSettings
from harness.actors.connectivity import Connectivity
from harness.actors.controls import Button, Ignition, Press
from harness.actors.crash import Crash, CrashFrames, Direction, Level
from harness.actors.display import Display
from harness.actors.doors import DOORS, Door, Doors
from harness.actors.driver import Driver
from harness.actors.keys import KEYS, Keys
from harness.actors.linking import Linking
from harness.actors.operator import Case, Operator
from harness.actors.owner import Owner
from harness.actors.phone import Phone
from harness.actors.provider import Provider
from harness.actors.roadside import Agreement, Price, Roadside, Visit
from harness.actors.sim_card import SimCard
from harness.actors.station import Station
from harness.actors.surroundings import Position, Surroundings
from harness.actors.theft_desk import Sighting, Theft, TheftDesk
from harness.actors.thief import Thief
from harness.actors.workshop import Attach, Workshop

__all__ = [
    "DOORS",
    "KEYS",
    "Agreement",
    "AssistanceDesk",
    "Attach",
    "Button",
    "Car",
    "Case",
    "ChargingSettings",
    "Connectivity",
    "Crash",
    "CrashFrames",
    "Direction",
    "Display",
    "Door",
    "Doors",
    "Driver",
    "Identity",
    "Ignition",
    "Keys",
    "Level",
    "Linking",
    "Operator",
    "Owner",
    "Phone",
    "Position",
    "Press",
    "Price",
    "Provider",
    "Roadside",
    "Sighting",
    "SimCard",
    "Station",
    "Surroundings",
    "Theft",
    "TheftDesk",
    "Thief",
    "Visit",
    "Workshop",
]
