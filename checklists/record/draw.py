"""Which recordings are listened to: a draw that anyone can repeat from its seed (onsite OH1).

The numbers 1..listed are put in the order of the SHA-256 of "seed:number", and the first `count` are picked. Nobody can
steer it after the seed is known, and the log (`assessment.Draw`) proves it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from checklists.record.assessment import Draw


def picked(seed: str, listed: int, count: int) -> tuple[int, ...]:
    """Return `count` distinct numbers of 1..`listed`, rising; all when there are fewer. Same seed, same draw."""
    ranked = sorted(range(1, listed + 1), key=lambda number: hashlib.sha256(f"{seed}:{number}".encode()).digest())
    return tuple(sorted(ranked[: max(count, 0)]))


def number_of(draws: Sequence[Draw], recording: int) -> int:
    """Return the number on the list of the nth recording that is judged, counted from 1; without its draw, n itself."""
    numbers = [number for draw in draws for number in draw.picked]
    return numbers[recording - 1] if recording <= len(numbers) else recording
