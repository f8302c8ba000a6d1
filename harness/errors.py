"""Errors typed by whose fault it is; the report sorts by them, so nothing else may be raised for these cases."""


class ExpectationError(AssertionError):
    """The car did not do what the manual promises. The only kind that counts as *car failed*."""


class BenchError(Exception):
    """The bench is broken or wired wrong: an instrument, a port, a bench file. Says nothing about the car."""


class BenchFileError(BenchError):
    """A bench file says something that cannot be; the message starts with `file:line:`."""


class InstrumentError(BenchError):
    """An instrument refused a setting, answered garbage, or did not answer in time."""


class TransportError(InstrumentError):
    """An answer was late, garbled or lost on its way. The next question is asked on a clean line."""


class CatalogueError(BenchError):
    """The catalogue contradicts itself or its procedures; the message starts with the file."""


class Inconclusive(Exception):
    """The measurement is too uncertain, or a precondition too weak, to say pass or fail."""


class HostWasLate(Inconclusive):
    """It came too late by no more than a busy host may be late itself: to be tried again on a quieter one."""


class InterlockError(Exception):
    """Dialling was refused because the bench could not prove that it is on a test network. Nothing was sent."""
