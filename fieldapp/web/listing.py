"""files.json: what the service worker keeps for offline use, and the version all of it together makes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

NAME = "files.json"
# The worker itself is the browser's to keep; the rest is never asked for by the page.
NOT_LISTED = frozenset(
    {NAME, "sw.js", ".inputs", "icons/icon-512.png", "icons/icon-maskable-512.png", "assets/fonts/OFL.txt"}
)


def write_listing(site: Path) -> str:
    """Write files.json for the finished `site` and return its version. The same files make the same version."""
    files = {}
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site).as_posix()
        if path.is_file() and path.suffix != ".br" and name not in NOT_LISTED:
            files[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    version = hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()[:16]
    (site / NAME).write_text(json.dumps({"version": version, "files": files}, indent=0), "utf-8")
    return version
