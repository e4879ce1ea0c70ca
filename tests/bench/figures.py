"""One line a figure, beside its target."""

from __future__ import annotations


def say(what: str, value: float, target: float, unit: str) -> None:
    """Print it."""
    verdict = "" if value <= target else "   MISSED"
    print(f"{what:58} {value:7.2f} {unit:3} (target {target:g}){verdict}", flush=True)
