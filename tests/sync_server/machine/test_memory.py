"""Memory that is given back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sync_server.machine.memory import give_back


def resident_pages() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])


@pytest.mark.skipif(sys.platform != "linux", reason="the call is of Linux's C library")
def test_what_was_freed_between_things_that_stay_goes_back_to_the_machine() -> None:
    held = [bytes(60_000) for _ in range(2_000)]
    kept = held[::20]
    del held
    before = resident_pages()
    give_back()
    assert resident_pages() < before - 10_000
    assert len(kept) == 100


LARGE_BLOCKS = """
from pathlib import Path

from sync_server.machine.memory import part_with_large_blocks

def resident_pages():
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])

part_with_large_blocks()
larger = b"x" * 10_000_000
del larger
held = [b"x" * (200_000 + number) for number in range(200)]
kept = held[::20]
before = resident_pages()
del held
assert resident_pages() < before - 8_000, (before, resident_pages())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the call is of Linux's C library")
def test_large_blocks_go_back_as_they_are_freed_whatever_was_freed_before() -> None:
    """In a process of its own: one that has done a lot finds room for them between what it holds."""
    subprocess.run([sys.executable, "-c", LARGE_BLOCKS], check=True, timeout=60)
