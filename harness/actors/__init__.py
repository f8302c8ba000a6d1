"""Who acts in a manual: driver, car, operator, crash, owner, surroundings, workshop, each over any bench."""

from harness.actors.car import Car, Identity
from harness.actors.controls import Button, Ignition, Press
from harness.actors.crash import Crash, CrashFrames, Direction, Level
from harness.actors.driver import Driver
from harness.actors.operator import Case, Operator
from harness.actors.owner import Owner
from harness.actors.roadside import Agreement, Price, Roadside, Visit
from harness.actors.surroundings import Position, Surroundings
from harness.actors.theft_desk import Sighting, Theft, TheftDesk
from harness.actors.thief import Thief
from harness.actors.workshop import Attach, Workshop

__all__ = [
    "Agreement",
    "Attach",
    "Button",
    "Car",
    "Case",
    "Crash",
    "CrashFrames",
    "Direction",
    "Driver",
    "Identity",
    "Ignition",
    "Level",
    "Operator",
    "Owner",
    "Position",
    "Press",
    "Price",
    "Roadside",
    "Sighting",
    "Surroundings",
    "Theft",
    "TheftDesk",
    "Thief",
    "Visit",
    "Workshop",
]
