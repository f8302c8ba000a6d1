"""Draws the desk of docs/guides/wiring.md: `python docs/guides/draw_desk.py` writes desk.svg beside it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 1180, 1110
COLOURS = {
    "lines": "#b45309",  # buttons, terminals, microphone, speaker
    "power": "#b91c1c",
    "sense": "#1d4ed8",  # what the scope and the multimeter see
    "bus": "#047857",  # CAN
    "radio": "#7e22ce",
    "host": "#6b7280",  # LAN and USB to the bench's computer
}
LEGEND = {
    "lines": "driven lines",
    "power": "battery",
    "sense": "measuring",
    "bus": "CAN, twisted, 120 ohm at both ends",
    "radio": "coaxial cable",
    "host": "LAN, USB",
}

HALO = 'stroke="#ffffff" stroke-width="4" paint-order="stroke"'
"""Keeps a name readable where wires cross behind it."""

Point = tuple[float, float]


def text(x: float, y: float, words: str, size: int = 13, *, bold: bool = False, anchor: str = "start") -> str:
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}"{weight}>{escape(words)}</text>'


def box(x: float, y: float, width: float, height: float, title: str, *lines: str, fill: str = "#ffffff") -> str:
    """A device with its title and what its terminals are called, one a line."""
    size = f'x="{x}" y="{y}" width="{width}" height="{height}" rx="8"'
    frame = f'<rect {size} fill="{fill}" stroke="#374151" stroke-width="1.5"/>'
    rows = [text(x + 12, y + 44 + 19 * row, line, 12) for row, line in enumerate(lines)]
    return "\n".join([frame, text(x + 12, y + 22, title, 14, bold=True), *rows])


def wire(kind: str, points: Iterable[Point], label: str = "", at: Point | None = None, *, dashed: bool = False) -> str:
    """A wire by its corners, with its name beside it."""
    way = " ".join(f"{x},{y}" for x, y in points)
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    drawn = f'<polyline points="{way}" fill="none" stroke="{COLOURS[kind]}" stroke-width="2.2"{dash}/>'
    if label and at:
        drawn += f'\n<text x="{at[0]}" y="{at[1]}" font-size="12" fill="{COLOURS[kind]}" {HALO}>{escape(label)}</text>'
    return drawn


def dot(kind: str, x: float, y: float) -> str:
    """A junction."""
    return f'<circle cx="{x}" cy="{y}" r="4" fill="{COLOURS[kind]}"/>'


def inputs() -> list[str]:
    """What else the switch's relays close: keys, handles, doors, SIM, charge cable; and the socket's lines."""
    return [
        box(
            40,
            800,
            420,
            255,
            "Switch 34980A, second terminal block",
            "key 1: 1031 inside, 1032 near, 1033 lock, 1034 unlock",
            "key 2: 1035 inside, 1036 near, 1037 lock, 1038 unlock",
            "key 3: 1039 inside, 1040 near, 1041 lock, 1042 unlock",
            "handles: 1043 driver, 1044 passenger,",
            "  1045 rear left, 1046 rear right",
            "doors: 1047 driver, 1048 passenger,",
            "  1049 rear left, 1050 rear right",
            "1051 bonnet, 1052 tilt",
            "1055 sim detect, 1056 sim data",
            "1058 charge cable",
            "1061 socket lamp, to the multimeter",
        ),
        box(820, 800, 330, 92, "Body module, second connector", "keys, handles, doors, bonnet, tilt (5 V)"),
        box(820, 906, 330, 62, "SIM card holder", "detect and data contacts, through an adapter"),
        box(820, 982, 330, 92, "Charge inlet", "cable contact (5 V)", "control pilot; socket lamp"),
        wire("lines", [(460, 840), (820, 840)], "22 lines, one relay each; the fobs' buttons too", (500, 832)),
        wire("lines", [(460, 946), (820, 946)], "two contacts", (500, 938)),
        wire("lines", [(460, 1022), (820, 1022)], "charge cable", (500, 1014)),
        wire("sense", [(460, 1046), (820, 1046)], "socket lamp; control pilot: scope 4, 10:1 probe", (500, 1062)),
    ]


def drawing() -> str:
    """The whole desk."""
    parts = [
        # the car's parts, on the right
        box(820, 110, 330, 250, "Car", fill="#f9fafb"),
        box(845, 150, 280, 92, "Overhead console", "SOS button (5 V pressed)", "ON CALL button (5 V pressed)"),
        box(845, 256, 280, 92, "Body module", "terminal S, 15, 50 (12 V)", "battery +"),
        box(820, 400, 330, 300, "Shield box", fill="#f3e8ff"),
        box(
            845, 440, 280, 150, "Telematics unit", "battery +", "microphone", "speaker", "CAN", "antenna, GNSS antenna"
        ),
        box(845, 606, 280, 78, "Modem", "second AT port (USB)", fill="#faf5ff"),
        # instruments, on the left
        box(
            40,
            40,
            250,
            150,
            "Switch 34980A",
            "1001 SOS, 1002 ON CALL",
            "1003 S, 1004 15, 1005 50",
            "1021, 1022 buttons' pulses",
            "1023 microphone",
        ),
        box(40, 210, 250, 92, "Generator 33522B", "1 pulses, 0 V to 5 V", "2 voice, 1 kHz, 0.1 V"),
        box(40, 322, 250, 72, "Supply E36312A", "2 battery, 12.6 V, 1 A limit"),
        box(40, 414, 250, 112, "Scope InfiniiVision", "1 SOS, 2 ON CALL", "3 battery", "4 control pilot"),
        box(40, 546, 250, 72, "Multimeter 34465A", "speaker, AC volts; or socket lamp"),
        box(40, 638, 250, 72, "Network tester CMW500", "LTE cell, PLMN 001/01"),
        # the computer
        box(
            430,
            600,
            250,
            116,
            "Computer of the bench",
            "hil doctor, hil run",
            "SocketCAN adapter (can0)",
            "LAN switch, USB hub",
            fill="#ecfdf5",
        ),
        # wires
        wire(
            "lines",
            [(290, 84), (620, 84), (620, 194), (845, 194)],
            "SOS, ON CALL: relay and pulses on one line each",
            (330, 76),
        ),
        wire("lines", [(290, 104), (590, 104), (590, 300), (845, 300)], "terminals S, 15, 50", (330, 122)),
        wire("lines", [(290, 146), (540, 146), (540, 503), (845, 503)], "microphone", (330, 164)),
        wire("lines", [(290, 256), (308, 256), (308, 176), (290, 176)]),
        text(314, 220, "1 and 2, through relays", 12),
        wire(
            "power",
            [(290, 364), (700, 364), (700, 319), (845, 319)],
            "battery +, fused 2 A, star point at the supply",
            (330, 356),
        ),
        wire("power", [(700, 364), (700, 484), (845, 484)]),
        dot("power", 700, 364),
        wire("sense", [(290, 458), (620, 458), (620, 194)], "scope 1, 2: at the console's connector", (330, 450)),
        dot("lines", 620, 194),
        wire("sense", [(290, 477), (660, 477), (660, 364)], "scope 3", (330, 494)),
        dot("power", 660, 364),
        wire(
            "sense",
            [(290, 582), (400, 582), (400, 560), (790, 560), (790, 522), (845, 522)],
            "speaker line, 1:1 transformer",
            (480, 552),
        ),
        *inputs(),
        wire("bus", [(680, 660), (760, 660), (760, 541), (845, 541)], "CAN", (705, 652)),
        wire("bus", [(760, 541), (760, 225), (845, 225)]),
        wire("bus", [(760, 330), (845, 330)]),
        dot("bus", 760, 541),
        dot("bus", 760, 330),
        wire(
            "radio",
            [(290, 674), (360, 674), (360, 745), (790, 745), (790, 568), (845, 568)],
            "coaxial, 40 dB attenuator, through the box's feedthrough",
            (400, 738),
        ),
        wire(
            "host",
            [(555, 716), (555, 772), (1010, 772), (1010, 684)],
            "USB, filtered feedthrough",
            (800, 764),
            dashed=True,
        ),
        wire("host", [(40, 674), (18, 674), (18, 115), (40, 115)], dashed=True),
        *(wire("host", [(18, y), (40, y)], dashed=True) for y in (256, 358, 470, 582)),
        wire("host", [(18, 674), (18, 772), (520, 772), (520, 716)], "LAN to every instrument", (60, 764), dashed=True),
    ]
    legend = []
    for place, (kind, words) in enumerate(LEGEND.items()):
        x, y = 330 + 290 * (place % 3), 18 + 22 * (place // 3)
        legend += [wire(kind, [(x, y), (x + 26, y)], dashed=kind == "host"), text(x + 34, y + 4, words, 12)]
    parts.append(text(430, HEIGHT - 10, "Ground of every part: one star point, at the supply's minus of output 2.", 12))
    body = "\n".join([*parts, *legend])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'font-family="DejaVu Sans, Segoe UI, Helvetica, Arial, sans-serif" fill="#111827">\n'
        f"<title>A desk: computer, instruments, car and shield box, and every wire between them</title>\n"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>\n{body}\n</svg>\n'
    )


if __name__ == "__main__":
    Path(__file__).with_name("desk.svg").write_text(drawing(), encoding="utf-8")
