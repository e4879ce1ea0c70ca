"""Flet's client words a log of all it does, which as released it writes nowhere. Here the words go, too.

Every message to and from Python is worded two or three times, also when that is a photo: millions of numbers, one by
one, and no frame is drawn meanwhile.
"""

from __future__ import annotations

import re

from fieldapp.web.page import PageChangedError

# The client switches its log off before anything else, and then writes this line to it.
_SWITCHED_OFF = re.compile(r"(\$\.\w+)=new A\.\w+\(\)\n(?:.*\n){,20}?\1\.\$1\(\"Flet View is running in Web mode\"\)")
_QUOTES = "\"'`"
NOTHING = "0"  # stands wherever a call may stand


def without_log(script: str) -> str:
    """Return the client's script with nothing in place of each call of its log.

    Raises:
        PageChangedError: the log is not where it was in the pinned release.
    """
    found = _SWITCHED_OFF.search(script)
    if not found:
        raise PageChangedError(_SWITCHED_OFF.pattern)
    call = f"{found[1]}.$1("
    kept, at = [], 0
    while (begun := script.find(call, at)) >= 0:
        kept += [script[at:begun], NOTHING]
        at = _end(script, begun + len(call))
    return "".join([*kept, script[at:]])


def _end(script: str, at: int) -> int:
    """Return where the call ends whose arguments begin at `at`."""
    depth, quote = 1, ""
    while depth:
        here = script[at]
        if quote:
            at += here == "\\"
            quote = "" if here == quote else quote
        elif here in _QUOTES:
            quote = here
        else:
            depth += (here in "([{") - (here in ")]}")
        at += 1
    return at
