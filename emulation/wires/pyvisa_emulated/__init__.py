"""PyVISA backend `@emulated`: `ResourceManager("@emulated")` reaches the instruments of the active emulated bench."""

from .highlevel import EmulatedVisaLibrary

WRAPPER_CLASS = EmulatedVisaLibrary

__all__ = ["WRAPPER_CLASS", "EmulatedVisaLibrary"]
