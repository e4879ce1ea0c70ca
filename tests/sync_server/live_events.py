"""The live news an open page hears, read line by line."""

from __future__ import annotations

from collections.abc import Iterator

import httpx


def events_of(answer: httpx.Response) -> Iterator[dict[str, str]]:
    """Each event of the stream as its fields."""
    fields: dict[str, str] = {}
    for line in answer.iter_lines():
        if line:
            name, _, value = line.partition(":")
            fields[name] = value.strip()
        elif fields:
            yield fields
            fields = {}


def next_assessment(events: Iterator[dict[str, str]]) -> dict[str, str]:
    return next(event for event in events if event["event"] == "assessments")
