"""Memory that is given back."""

from __future__ import annotations

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
