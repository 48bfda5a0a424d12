"""The end of a frame table that is being written: of an hour of frames, those of the last seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from macroscope_worker.recording._table import HEADER_BYTES, RECORD, RECORD_BYTES, parse_table

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

PIECE_RECORDS: Final = 1024


def records_since(table: Path, since_ns: int, *, piece_records: int = PIECE_RECORDS) -> npt.NDArray[Any]:
    """The good records of frames that arrived at `since_ns` or later, and some of before, in the order of the table.

    Reads backwards, piece by piece, until a piece begins before that time: checking a record holds up the capture of
    frames, and a table has a million of them after an hour. Raises OSError, and ValueError when it is none of ours.
    """
    pieces: list[npt.NDArray[Any]] = [np.zeros(0, RECORD)]
    with table.open("rb") as file:
        header = file.read(HEADER_BYTES)
        first = max(0, file.seek(0, 2) - HEADER_BYTES) // RECORD_BYTES
        while True:
            before, first = first, max(0, first - piece_records)
            file.seek(HEADER_BYTES + first * RECORD_BYTES)
            piece = parse_table(header + file.read((before - first) * RECORD_BYTES)).records
            pieces.append(piece)
            if first == 0 or (len(piece) and int(piece["received_ns"][0]) < since_ns):
                return np.concatenate(pieces[::-1])
