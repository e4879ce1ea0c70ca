"""Run by the browser's own Python (see test_web_build): the composition root, and what it brought along."""

from __future__ import annotations

import json
import sys

NOT_IN_BROWSER = frozenset({"filelock", "requests", "PIL", "pydub"})


async def main(_argument: str) -> str:
    """Return the adapters of the browser, and which packages were imported that it does not have."""
    from fieldapp.app import _in_browser  # noqa: PLC0415 - this is what is measured

    folder, door = _in_browser(lambda: None)
    return json.dumps(
        {
            "adapters": [type(folder).__name__, type(door).__name__],
            "imported": sorted(NOT_IN_BROWSER & set(sys.modules)),
        }
    )
