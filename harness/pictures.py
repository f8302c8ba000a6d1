"""Pictures of a car's displays: their size, and the QR codes on them, read as a phone's camera would (A-11, C-04)."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_SIZE = struct.Struct(">8s4x4sII")


@dataclass(frozen=True)
class Picture:
    """What a display showed at `time` (ns); `page` is its path, or the display's name."""

    time: int
    page: str
    png: bytes


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height in pixels. Raises `ValueError` where it is no PNG."""
    if len(png) < _SIZE.size or not png.startswith(SIGNATURE):
        raise ValueError(f"expected a PNG, got {png[:16]!r}")
    _signature, kind, width, height = _SIZE.unpack_from(png)
    if kind != b"IHDR":
        raise ValueError(f"expected a PNG that begins with its header, got {kind!r}")
    return width, height


def read_codes(png: bytes) -> list[str]:
    """What the QR codes on a picture say. Raises `ValueError` where it is no picture."""
    import zxingcpp  # noqa: PLC0415  loaded with the first code: most tests read none
    from PIL import Image  # noqa: PLC0415

    with Image.open(io.BytesIO(png)) as picture:
        grey = picture.convert("L")
    wanted = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    return [code.text for code in zxingcpp.read_barcodes(grey, formats=wanted)]
