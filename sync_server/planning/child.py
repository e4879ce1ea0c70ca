"""The process that makes one plan: `python -m sync_server.planning.child`, a question in, a plan out."""

from __future__ import annotations

import sys

import msgspec

from sync_server.machine.child_bounds import goes_first
from sync_server.planning.planner import make_plan
from sync_server.planning.question import Question


def main() -> None:
    """Answer one question."""
    goes_first()
    question = msgspec.json.decode(sys.stdin.buffer.read(), type=Question)
    sys.stdout.buffer.write(msgspec.json.encode(make_plan(question), order="deterministic"))


if __name__ == "__main__":
    main()
