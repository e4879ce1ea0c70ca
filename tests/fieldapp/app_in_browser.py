"""Run by the browser's own Python (see test_web_build): the composition root, and what it brought along."""

from __future__ import annotations

import json
import sys

NOT_IN_BROWSER = frozenset({"filelock", "requests", "PIL", "pydub"})
# What is done in a visit, and for whoever writes rules: the list of visits is there sooner without it.
FOR_LATER = frozenset({"fieldapp.state.visit", "checklists.record.verbs", "checklists.record.findings", "difflib"})


async def main(_argument: str) -> str:
    """Return the adapters of the browser, and which modules were imported that it does not have or need yet."""
    from fieldapp.app import _in_browser  # noqa: PLC0415 - this is what is measured

    folder, door = _in_browser(lambda: None)
    return json.dumps(
        {
            "adapters": [type(folder).__name__, type(door).__name__],
            "imported": sorted((NOT_IN_BROWSER | FOR_LATER) & set(sys.modules)),
        }
    )
