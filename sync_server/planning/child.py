"""The process that makes one plan: `python -m sync_server.planning.child`, a question in, a plan out."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import msgspec

from sync_server.planning.planner import make_plan
from sync_server.planning.question import Question


def main() -> None:
    """Answer one question."""
    # Where the machine runs out, this process goes first, not the server.
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    question = msgspec.json.decode(sys.stdin.buffer.read(), type=Question)
    sys.stdout.buffer.write(msgspec.json.encode(make_plan(question), order="deterministic"))


if __name__ == "__main__":
    main()
