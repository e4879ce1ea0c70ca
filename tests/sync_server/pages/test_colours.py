"""The colours of the dashboard's style sheet can be read, light and dark (WCAG 2.2: 4.5 for words, 3 for outlines)."""

from __future__ import annotations

import re

import pytest

from sync_server.pages.drawing import STATIC

TOKEN = re.compile(r"--([\w-]+): light-dark\(#(\w{6}), #(\w{6})\)")
TOKENS = {name: pair for name, *pair in TOKEN.findall((STATIC / "dashboard.css").read_text("utf-8"))}
TOKENS |= {
    name: (colour, colour)
    for name, colour in re.findall(
        r"--((?:gold|silver|bronze)-\w+): #(\w{6})", (STATIC / "dashboard.css").read_text("utf-8")
    )
}
GROUNDS = ("paper", "sunken")
WORDS = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3", "accent", "accent-strong") for ground in GROUNDS),
    *((tone, ground) for tone in ("good", "warn", "bad", "calm") for ground in (f"{tone}-soft", "paper")),
    *(("ink", f"{tone}-soft") for tone in ("accent", "good", "warn", "bad", "calm")),
    *((ink, "accent-soft") for ink in ("accent", "accent-strong")),
    *(("h-ink", f"h{share}") for share in range(4)),
    ("h4-ink", "h4"),
    *((f"{metal}-ink", f"{metal}-{stop}") for metal in ("gold", "silver", "bronze") for stop in "ab"),
    *(("on-accent", ground) for ground in ("accent", "accent-strong")),
]
OUTLINES = [(edge, ground) for edge in ("line-strong", "focus") for ground in GROUNDS]


def luminance(colour: str) -> float:
    def linear(part: str) -> float:
        value = int(part, 16) / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(colour[at : at + 2]) for at in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [pytest.param(0, id="light"), pytest.param(1, id="dark")])
def test_every_pair_of_colours_can_be_read(scheme):
    needed = [(pair, 4.5) for pair in WORDS] + [(pair, 3.0) for pair in OUTLINES]
    faint = {
        pair: round(contrast(TOKENS[pair[0]][scheme], TOKENS[pair[1]][scheme]), 2)
        for pair, least in needed
        if contrast(TOKENS[pair[0]][scheme], TOKENS[pair[1]][scheme]) < least
    }
    assert faint == {}
