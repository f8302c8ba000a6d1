"""What the emulated oscilloscope can be set to, and tells of it: channels, timebase, acquisition, trigger, waveform."""

from __future__ import annotations

from emulation.lab.desk import SCOPE_LINES
from emulation.lab.parameters import Boolean, Choice, Integer, Number, Text
from emulation.lab.scope_memory import DIVISIONS_DOWN
from emulation.lab.scpi import ScpiTwin
from emulation.lab.status import ScpiError
from emulation.lab.syntax import Row, Setting

DIVISIONS_ACROSS = 10
SOURCES = Choice(*(f"CHANnel{channel}" for channel in SCOPE_LINES))
MEMORY = (100, 250, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000)
"""Numbers of points that a record can be read with."""
VOLTS = Number("V", -50, 50)
GLITCH = Number("S", 2e-9, 10, default=30e-9)
SCALE = Number("V", 1e-3, 5, default=1.0)
SPAN = Number("S", 20e-9, 500, default=1e-3)


class ScopeSetup(ScpiTwin):
    """Settings that stand in more than one command, and the queries that tell several at once."""

    def changed(self, setting: str, index: int) -> None:
        """The record is read with the next smaller number of points that the memory offers."""
        del index
        if setting == "points":
            self.put("points", max(points for points in MEMORY if points <= self.value("points")))

    def set_range(self, channel: int, volts: float) -> None:
        """`CHANnel:RANGe`: the scale's other face, over the whole screen."""
        self.put("scale", volts / DIVISIONS_DOWN, channel)

    def ask_range(self, channel: int) -> float:
        """`CHANnel:RANGe?`."""
        return float(self.value("scale", channel)) * DIVISIONS_DOWN

    def set_timebase_scale(self, seconds: float) -> None:
        """`TIMebase:SCALe`: a tenth of the range."""
        self.put("range", seconds * DIVISIONS_ACROSS)

    def timebase_scale(self) -> float:
        """`TIMebase:SCALe?`."""
        return float(self.value("range")) / DIVISIONS_ACROSS

    def set_glitch_range(self, less: float, greater: float) -> None:
        """`:TRIGger:GLITch:RANGe`: shorter than the first, longer than the second."""
        if less <= greater:
            raise ScpiError(-221, f"no pulse is shorter than {less:g} s and longer than {greater:g} s")
        self.put("glitch less", less)
        self.put("glitch greater", greater)

    def channel_setup(self, channel: int) -> str:
        """`CHANnel?`: how the channel is set, as the commands that would set it so."""
        told = (
            f"RANG {self.ask_range(channel):+.5E}",
            f"OFFS {self.value('offset', channel):+.5E}",
            "COUP DC",
            "IMP ONEM",
            f"DISP {self.value('display', channel):d}",
            f"BWL {self.value('bandwidth limit', channel):d}",
            f"INV {self.value('invert', channel):d}",
            f'LAB "{self.value("label", channel)}"',
            "UNIT VOLT",
            f"PROB {self.value('probe', channel):+.5E}",
            "PROB:SKEW +0.00E+00",
            "STYP SING",
        )
        return f":CHAN{channel}:" + ";".join(told)

    def timebase_setup(self) -> str:
        """`TIMebase?`."""
        return (
            f":TIM:MODE MAIN;REF {self.value('reference')};MAIN:RANG {self.value('range'):+.5E};"
            f"POS {self.value('position'):+.5E}"
        )


SETTINGS = (
    Row("SYSTem:PRESet", do=ScpiTwin.full_reset),
    Row("CHANnel<1:4>", ask=ScopeSetup.channel_setup),
    Setting("display", "CHANnel<1:4>:DISPlay", Boolean()),
    Setting("scale", "CHANnel<1:4>:SCALe", SCALE),
    Row("CHANnel<1:4>:RANGe", Number("V", 8e-3, 40), do=ScopeSetup.set_range),
    Row("CHANnel<1:4>:RANGe", ask=ScopeSetup.ask_range),
    Setting("offset", "CHANnel<1:4>:OFFSet", VOLTS),
    Setting("coupling", "CHANnel<1:4>:COUPling", Choice("DC")),
    Setting("impedance", "CHANnel<1:4>:IMPedance", Choice("ONEMeg")),
    Setting("units", "CHANnel<1:4>:UNITs", Choice("VOLT")),
    Setting("bandwidth limit", "CHANnel<1:4>:BWLimit", Boolean()),
    Setting("invert", "CHANnel<1:4>:INVert", Boolean()),
    Setting("label", "CHANnel<1:4>:LABel", Text(10)),
    Setting("probe", "CHANnel<1:4>:PROBe", Number("", 0.1, 10_000, default=1.0)),
    Row("TIMebase", ask=ScopeSetup.timebase_setup),
    Setting("timebase mode", "TIMebase:MODE", Choice("MAIN")),
    Setting("range", "TIMebase:RANGe", SPAN),
    Row("TIMebase:SCALe", Number("S", 2e-9, 50), do=ScopeSetup.set_timebase_scale),
    Row("TIMebase:SCALe", ask=ScopeSetup.timebase_scale),
    Setting("position", "TIMebase:POSition", Number("S", -500, 500)),
    Setting("reference", "TIMebase:REFerence", Choice("CENTer", "LEFT", "RIGHt")),
    Setting("acquisition type", "ACQuire:TYPE", Choice("NORMal")),
    Setting("acquisition mode", "ACQuire:MODE", Choice("RTIMe")),
    Setting("trigger mode", "TRIGger:MODE", Choice("EDGE", "GLITch")),
    Setting("sweep", "TRIGger:SWEep", Choice("AUTO", "NORMal")),
    Setting("edge source", "TRIGger[:EDGE]:SOURce", SOURCES),
    Setting("edge level", "TRIGger[:EDGE]:LEVel", VOLTS),
    Setting("edge slope", "TRIGger[:EDGE]:SLOPe", Choice("POSitive", "NEGative", "EITHer")),
    Setting("glitch source", "TRIGger:GLITch:SOURce", SOURCES),
    Setting("glitch level", "TRIGger:GLITch:LEVel", VOLTS),
    Setting("glitch polarity", "TRIGger:GLITch:POLarity", Choice("POSitive", "NEGative")),
    Setting("glitch qualifier", "TRIGger:GLITch:QUALifier", Choice("LESSthan", "GREaterthan", "RANGe")),
    Setting("glitch greater", "TRIGger:GLITch:GREaterthan", Number("S", 2e-9, 10, default=2e-9)),
    Setting("glitch less", "TRIGger:GLITch:LESSthan", GLITCH),
    Row("TRIGger:GLITch:RANGe", GLITCH, GLITCH, do=ScopeSetup.set_glitch_range),
    Setting("source", "WAVeform:SOURce", SOURCES),
    Setting("format", "WAVeform:FORMat", Choice("BYTE", "WORD", "ASCii")),
    Setting("unsigned", "WAVeform:UNSigned", Choice("1", "ON")),
    Setting("byte order", "WAVeform:BYTeorder", Choice("MSBFirst", "LSBFirst")),
    Setting("points mode", "WAVeform:POINts:MODE", Choice("NORMal", "RAW", "MAXimum")),
    Setting("points", "WAVeform:POINts", Integer(low=MEMORY[0], high=MEMORY[-1], default=1_000)),
)
"""The settings of the command table. Types, modes and couplings that are not emulated are refused (-224)."""
