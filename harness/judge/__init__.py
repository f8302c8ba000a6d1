"""From measurements to verdicts: quantities with uncertainty, limits, pulses, thresholds, statistics."""

from harness.judge.decision import Bounds, Decision, Verdict, decide
from harness.judge.pulse import Pulse, find_pulses, only_pulse, pulse_width
from harness.judge.quantity import Contribution, Quantity
from harness.judge.square_wave import SquareWave, square_wave
from harness.judge.statistics import Agreement, Sample, agree
from harness.judge.threshold import Trial, bisect_threshold

__all__ = [
    "Agreement",
    "Bounds",
    "Contribution",
    "Decision",
    "Pulse",
    "Quantity",
    "Sample",
    "SquareWave",
    "Trial",
    "Verdict",
    "agree",
    "bisect_threshold",
    "decide",
    "find_pulses",
    "only_pulse",
    "pulse_width",
    "square_wave",
]
