"""Off-board API: the records of everything off board; asked far more often than all else."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from emulation.offboard import schemas
from emulation.offboard.binding import Bench
from emulation.offboard.records import Records

recorded = APIRouter(tags=["surroundings"])


@recorded.get("/records")
async def read_records(bench: Bench, after: Annotated[int, Query(ge=0)] = 0) -> list[schemas.RecordState]:
    """What happened off board, in order, from the record that follows number `after`."""
    records: Records = bench.parts["records"]
    return [schemas.RecordState(**record._asdict()) for record in records.after(after)]


@recorded.get("/records/newest")
async def read_newest(bench: Bench) -> schemas.Newest:
    """How many records there are: from here on, `/records?after=` has what is new."""
    records: Records = bench.parts["records"]
    return schemas.Newest(number=records.newest)
