"""The bench that the worker's tests stand at."""

from __future__ import annotations

import pytest

from tests.fieldapp.sync_double import SyncDouble
from tests.fieldapp.worker_kit import Bench, a_device


@pytest.fixture
async def bench() -> Bench:
    return Bench(await a_device(), SyncDouble(tokens={"known"}))
