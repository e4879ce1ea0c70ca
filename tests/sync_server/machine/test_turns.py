"""Turns on a processor: asked for by a thread for itself, kept where the kernel tells them."""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from sync_server.machine.turns import AS_EVERYBODY, take_turns_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux is asked")
_TURN = re.compile(r"^se\.slice +: +(\d+)", re.MULTILINE)


def in_a_thread(call: Callable[[], object]) -> None:
    thread = threading.Thread(target=call)
    thread.start()
    thread.join()


def turn_ns() -> int:
    own = Path(f"/proc/self/task/{threading.get_native_id()}/sched")
    found = _TURN.search(own.read_text()) if own.exists() else None
    return int(found[1]) if found else pytest.skip("this kernel does not tell turns")


def test_a_thread_takes_turns_of_the_length_it_asked_for_and_other_threads_as_before():
    usual, told = turn_ns(), []

    def ask() -> None:
        for seconds in (0.0002, AS_EVERYBODY):
            take_turns_of(seconds)
            told.append(turn_ns())

    in_a_thread(ask)
    assert told == [200_000, usual]
    assert turn_ns() == usual


def test_asking_changes_neither_policy_nor_niceness():
    def ask() -> None:
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
        os.setpriority(os.PRIO_PROCESS, 0, 3)
        take_turns_of(0.0002)
        told.append((os.sched_getscheduler(0), os.getpriority(os.PRIO_PROCESS, 0)))

    told: list[tuple[int, int]] = []
    in_a_thread(ask)
    assert told == [(os.SCHED_BATCH, 3)]
