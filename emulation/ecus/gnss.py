"""Satellite receiver: position on CAN and as NMEA 0183 on its serial port (B-04, B-09).

Ref: NMEA 0183 sentences RMC, GGA, GSA, GSV, VTG.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, lru_cache, reduce
from operator import xor

from emulation import epoch
from emulation.bench import EmulatedBench
from emulation.ecus.base.ecu import Ecu
from emulation.world import Process
from harness.units import MS, S

EPOCH = epoch.EPOCH
"""UTC when simulated time is 0."""
EPOCH_UNIX = int(EPOCH.timestamp())

NEVER = 65535
"""GNSS_Quality.FixAge before the first fix, in s."""
ACCURACY_UNKNOWN_M = 4095
HEADING_UNKNOWN_DEG = 360
KMH_PER_KNOT = 1.852
METRES_PER_HDOP = 5.0
"""Radius for 95 % at an HDOP of 1; open sky."""


@dataclass
class Sky:
    """Where the car really is, and what its antenna sees of the sky; `accuracy_m` holds with 95 %."""

    latitude: float = 57.7089
    longitude: float = 11.9746
    satellites: int = 9
    fix: bool = True
    accuracy_m: float = 4.0
    speed_kmh: float = 0.0
    heading_deg: float = 0.0
    altitude_m: float = 12.0
    antenna: bool = True

    @property
    def fix_type(self) -> str:
        """What a receiver makes of it: four satellites give height, three a position, fewer none."""
        if not (self.fix and self.antenna) or self.satellites < 3:
            return "NONE"
        return "3D" if self.satellites >= 4 else "2D"


class Gnss(Ecu):
    """Computes a position once a second from the bench's sky."""

    node = "GNSS"
    BOOT = 300 * MS

    PERIOD = 1 * S
    """Time between two positions."""
    FIRST_FIX = (2 * S, 6 * S)
    """Least and greatest time from boot to first fix: hot start, ephemeris kept."""
    TRUSTED_M = 150.0
    """EN 15722: a position can be trusted when the car is within 150 m of it with 95 %."""

    def __init__(self, bench: EmulatedBench) -> None:
        super().__init__(bench)
        self.sky: Sky = bench.parts.setdefault("sky", Sky())
        self.port = bench.port("gnss", 9600)
        self.latitude = 0.0
        self.longitude = 0.0
        self.fixed_at: int | None = None

    def processes(self) -> Iterable[Process]:
        """Search, then a position every second."""
        self.fixed_at = None
        return [self.navigate()]

    def navigate(self) -> Process:
        """A fix whenever the sky gives one; without it, the last known position, growing old."""
        first_fix = self.booted_at + self.random.randint(*self.FIRST_FIX)
        while True:
            fix = self.sky.fix_type if self.world.now >= first_fix else "NONE"
            if fix != "NONE":
                self.latitude, self.longitude = self.sky.latitude, self.sky.longitude
                self.fixed_at = self.world.now
            self.tell(fix)
            self.port.write("".join(sentence(body) for body in self.sentences(fix)).encode("ascii"))
            if not self.sky.antenna:
                self.store_fault("ANTENNA_OPEN")
            yield self.PERIOD

    def trusted(self, fix: str) -> bool:
        """Whether the position that is sent can be relied on."""
        return fix != "NONE" and self.sky.accuracy_m <= self.TRUSTED_M

    def tell(self, fix: str) -> None:
        """Put position, movement, quality and time on CAN."""
        sky, known = self.sky, fix != "NONE"
        age = NEVER if self.fixed_at is None else min((self.world.now - self.fixed_at) // S, NEVER - 1)
        satellites = max(sky.satellites, 0)
        self.set(
            "GNSS_Position",
            Latitude=round(self.latitude, 6),
            Longitude=round(self.longitude, 6),
            Fix=fix,
            Trusted=int(self.trusted(fix)),
            Satellites=min(satellites, 15) if known else 0,
        )
        self.set(
            "GNSS_Motion",
            Speed=round(min(sky.speed_kmh, 409.5), 1) if known else 0,
            Heading=round(sky.heading_deg) % 360 if known else HEADING_UNKNOWN_DEG,
            Altitude=round(sky.altitude_m, 1),
        )
        self.set(
            "GNSS_Quality",
            Accuracy=min(round(sky.accuracy_m), ACCURACY_UNKNOWN_M) if known else ACCURACY_UNKNOWN_M,
            FixAge=age,
            Hdop=round(min(sky.accuracy_m / METRES_PER_HDOP, 25.5), 1) if known else 25.5,
            SatellitesInView=min(satellites, 31),
        )
        if self.fixed_at is not None:
            self.set("GNSS_Time", UnixTime=EPOCH_UNIX + self.world.now // S, Valid="YES")

    def sentences(self, fix: str) -> Iterable[str]:
        """The bodies of this second's sentences, without `$` and checksum."""
        sky, known = self.sky, fix != "NONE"
        utc = EPOCH + timedelta(microseconds=self.world.now // 1_000)
        time = utc.strftime("%H%M%S.") + f"{utc.microsecond // 10_000:02d}"
        place = f"{angle(self.latitude, 'NS', 2)},{angle(self.longitude, 'EW', 3)}" if known else ",,,"
        speed, course = (f"{sky.speed_kmh:.1f}", f"{sky.heading_deg % 360:.1f}") if known else ("", "")
        knots = f"{sky.speed_kmh / KMH_PER_KNOT:.1f}" if known else ""
        hdop = f"{sky.accuracy_m / METRES_PER_HDOP:.1f}" if known else "99.9"
        used = [f"{number:02d}" for number in range(1, min(sky.satellites, 12) + 1)] if known else []
        yield f"GPRMC,{time},{'A' if known else 'V'},{place},{knots},{course},{utc:%d%m%y},,,{'A' if known else 'N'}"
        yield f"GPVTG,{course},T,,M,{knots},N,{speed},K,{'A' if known else 'N'}"
        height = f"{sky.altitude_m:.1f},M,38.0,M" if known else ",M,,M"
        yield f"GPGGA,{time},{place},{int(known)},{len(used):02d},{hdop},{height},,"
        channels = ",".join(used + [""] * (12 - len(used)))
        mode = ("NONE", "2D", "3D").index(fix) + 1
        yield f"GPGSA,A,{mode},{channels},{hdop},{hdop},{hdop}"
        yield from satellites_in_view(sky.satellites if sky.antenna else 0)


@lru_cache(maxsize=64)
def sentence(body: str) -> str:
    """`body` as it is on the wire: checksum over what stands between `$` and `*`. Most are said every second."""
    return f"${body}*{reduce(xor, body.encode('ascii'), 0):02X}\r\n"


def angle(degrees: float, hemispheres: str, width: int) -> str:
    """An angle as degrees and minutes with hemisphere: `5742.5340,N`."""
    ten_thousandths = round(abs(degrees) * 60 * 10_000)
    whole, minutes = divmod(ten_thousandths, 60 * 10_000)
    return f"{whole:0{width}d}{minutes / 10_000:07.4f},{hemispheres[degrees < 0]}"


@cache
def satellites_in_view(count: int) -> tuple[str, ...]:
    """GSV, four satellites a sentence; at fixed places of the sky, at a signal strength of open sky (40 dBHz)."""
    numbers = range(1, min(max(count, 0), 12) + 1)
    total = max(1, -(-len(numbers) // 4))
    bodies = []
    for index in range(total):
        seen = "".join(f",{n:02d},{15 + 6 * n:02d},{30 * n % 360:03d},40" for n in numbers[4 * index : 4 * index + 4])
        bodies.append(f"GPGSV,{total},{index + 1},{len(numbers):02d}{seen}")
    return tuple(bodies)
