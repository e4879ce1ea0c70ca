"""The battery test: the power goes at every byte and at every step of a save; the record is the old one or the new one.

Unsynced data is what a power cut takes: of a file that was written and not synced, half is gone.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from checklists.record.assessment import Assessment
from fieldapp.storage.files import FileFolder
from tests.builders import an_assessment
from tests.fieldapp.store_contract import opened


class PowerCut(BaseException):
    """Not an Exception: nothing tidies up when the battery is dead."""


class Disk:
    """Wraps the system's calls; cuts the power after `budget` steps, a byte written being a step."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, budget: int, root: Path) -> None:
        self.budget = budget
        self._root = str(root)
        self.steps = 0
        self._unsynced: dict[int, str] = {}
        self._dead = False
        self._real = {name: getattr(os, name) for name in ("write", "fsync", "open", "replace", "unlink")}
        for name in self._real:
            monkeypatch.setattr(os, name, getattr(self, name))

    def write(self, handle: int, data: Any) -> int:
        if self._dead:
            raise PowerCut
        left = max(0, self.budget - self.steps)
        taken = bytes(data)[:left]
        if taken:
            self._real["write"](handle, taken)
        self._unsynced[handle] = str(Path(f"/proc/self/fd/{handle}").readlink())
        self.steps += len(taken)
        self._spend(0 if len(taken) == len(data) else 1)
        return len(taken)

    def fsync(self, handle: int) -> None:
        self._spend(1)
        self._real["fsync"](handle)
        self._unsynced.pop(handle, None)

    def _is_elsewhere(self, path: object, kw: dict[str, Any]) -> bool:
        """Whether another test's folder is swept up just now."""
        return kw.get("dir_fd") is not None or not os.path.abspath(str(path)).startswith(self._root)  # noqa: PTH100

    def open(self, *args: Any, **kw: Any) -> int:
        if not self._is_elsewhere(args[0], kw):
            self._spend(1)
        return self._real["open"](*args, **kw)  # type: ignore[no-any-return]

    def replace(self, *args: Any, **kw: Any) -> None:
        self._spend(1)
        source, target = (str(a) for a in args[:2])
        self._real["replace"](*args, **kw)
        self._unsynced = {h: target if name == source else name for h, name in self._unsynced.items()}

    def unlink(self, *args: Any, **kw: Any) -> None:
        if not self._is_elsewhere(args[0], kw):
            self._spend(1)
        self._real["unlink"](*args, **kw)

    def _spend(self, steps: int) -> None:
        self.steps += steps
        if self.steps > self.budget or self._dead:
            self._die()

    def _die(self) -> None:
        if not self._dead:
            self._dead = True
            for name in self._unsynced.values():
                path = Path(name)
                if path.exists():
                    os.truncate(path, path.stat().st_size // 2)
        raise PowerCut


OLD = an_assessment(answers={"PA1": True, "PA2": "before"})
NEW = an_assessment(answers={"PA1": False, "PA2": "after, and somewhat longer 之後"})


async def cut_after(steps: int, root: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Assessment | None, bool]:
    """Save OLD, then NEW with the power cut after `steps`; return what the next start finds, and whether it was cut."""
    folder = FileFolder(root)
    kept = await opened(folder)
    await kept.store.save(OLD)
    was_cut = False
    with monkeypatch.context() as patched:
        Disk(patched, steps, root)
        try:
            await kept.store.save(NEW)
        except PowerCut:
            was_cut = True
    folder.close()
    after = FileFolder(root)
    found = (await opened(after)).store.load(OLD.id)
    after.close()
    return found, was_cut


async def test_a_cut_at_any_byte_leaves_the_old_record_or_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = set()
    steps = 0
    while True:
        found, was_cut = await cut_after(steps, tmp_path, monkeypatch)
        assert found in (OLD, NEW), f"cut after step {steps}"
        seen.add((found == NEW, was_cut))
        if not was_cut:
            break
        steps += 1
    record_bytes = next((tmp_path / "assessments").iterdir()).stat().st_size
    assert steps > record_bytes, "every byte of the record is a step"
    assert seen == {(False, True), (True, True), (True, False)}, "cut before the switch, after it, and not at all"
