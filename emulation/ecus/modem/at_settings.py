"""What a tester has set at the modem's AT port: V.250 and 3GPP parameters, as they are after a start (B-22, B-24)."""

from __future__ import annotations

from dataclasses import dataclass, field

REGISTRATION_REPORTS = ("+CREG", "+CGREG", "+CEREG")


@dataclass
class Settings:
    """What `ATZ` and `AT&F` set back."""

    echo: bool = True
    quiet: bool = False
    verbose: bool = True
    result_level: int = 4
    """`X`: from 3 on a busy line is told from others."""
    registers: dict[int, int] = field(default_factory=lambda: {0: 0, 3: 13, 4: 10, 5: 8, 7: 60})
    """S-parameters: 0 rings until auto-answer, 3 end of line, 4 line feed, 5 backspace, 7 connection timeout in s."""
    error_format: int = 0
    """`+CMEE`: 0 `ERROR`, 1 a number, 2 words."""
    registration_reports: dict[str, int] = field(default_factory=lambda: dict.fromkeys(REGISTRATION_REPORTS, 0))
    operator_format: int = 0
    caller_identity: bool = False
    cellular_results: bool = False
    """`+CRC`: `+CRING: VOICE` in place of `RING`."""
    call_states: bool = False
    """`^DSCI`."""
    message_format: tuple[int] = (0,)
    """`+CMGF`: 0 PDU, 1 text."""
    message_parameters: tuple[int, ...] = (17, 167, 0, 0)
    """`+CSMP`: first octet, validity (24 h), protocol identifier, coding scheme (TS 27.005, 3.1)."""
    message_indications: tuple[int, ...] = (0, 0, 0, 0, 0)
    """`+CNMI`."""
    message_headers: tuple[int] = (0,)
    """`+CSDH`."""
    characters: str = "IRA"
    """`+CSCS`."""
