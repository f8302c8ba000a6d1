"""A bench from its file: `load` reads and checks it, `Bench.open` opens it, `describe` says what it means."""

from harness.bench.bench import Bench
from harness.bench.describe import Row, describe
from harness.bench.lines import LineEnd
from harness.bench.loader import load
from harness.bench.schema import BenchFile

__all__ = ["Bench", "BenchFile", "LineEnd", "Row", "describe", "load"]
