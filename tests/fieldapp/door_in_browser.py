"""Run by the browser's own Python (see test_doors): every check on the door that the app uses there."""

from __future__ import annotations

import json

from fieldapp.sync.door_fetch import FetchDoor
from tests.fieldapp.door_contract import CHECKS


async def main(address: str) -> str:
    """Return by check what went wrong, "" for nothing."""
    told = {}
    for check in CHECKS:
        try:
            await check(FetchDoor(), address)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test that reads this fails with it
            told[check.__name__] = repr(error)
        else:
            told[check.__name__] = ""
    return json.dumps(told)
