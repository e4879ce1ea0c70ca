"""The process that decodes files: `python -m sync_server.evidence.derive_child`, started and spoken to by `workshop`.

It says a line when it is ready; then each line it reads is one file, and each line it says is that file's answer. It
ends when nobody listens any more. Its memory is bounded from the start, its seconds for each file anew.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from sync_server.machine.child_bounds import bound

try:
    import resource
except ImportError:  # a system without such limits; the parent's clock is left
    resource = None  # type: ignore[assignment]

LOUDNESS = "loudness"  # the purpose of the bars of a sound; kept in a row, not as a file
MEMORY_BYTES = 1 << 30
NO_ROOM = 75  # the exit code that says so: the file is as good as before
FILE_BYTES = 256_000_000
REPLACED_ABOVE_BYTES = 300_000_000


def main() -> None:
    """Answer line by line."""
    bound(MEMORY_BYTES, FILE_BYTES)
    from sync_server.evidence.derive import blacked_out, final_word  # noqa: PLC0415 - inside the limits

    _say({"ready": True})
    for line in sys.stdin:
        asked = json.loads(line)
        _limit_seconds(asked["seconds"])
        folder = Path(asked["folder"])
        made: list[dict[str, Any]] = []
        with (folder / "original").open("rb") as source:
            areas, content_type = asked["areas"], asked["content_type"]
            done = (
                [blacked_out(source.read(), content_type, areas)]
                if areas
                else final_word(source, content_type, asked["seconds"])
            )
            for one in done:
                if not one.problem:
                    _keep(folder / one.purpose, one.data)
                made.append({"purpose": one.purpose, "content_type": one.content_type, "problem": one.problem})
        _say({"made": made, "last": _has_grown()})


def _keep(file: Path, data: bytes) -> None:
    try:
        file.write_bytes(data)
    except OSError:
        sys.exit(NO_ROOM)


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _limit_seconds(more: int) -> None:
    if resource is None:
        return
    usage = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (int(usage.ru_utime + usage.ru_stime) + more + 1, hard))


def _has_grown() -> bool:
    """Return whether this process holds so much memory that a new one is better."""
    with suppress(OSError, ValueError, IndexError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return resource is not None and pages * resource.getpagesize() > REPLACED_ABOVE_BYTES
    return False


if __name__ == "__main__":
    main()
