"""Artwork, drawn by rule as SVG: the sustainability mark, a row of crowns, then stars, in equal squares; and a seal.

EMB-1  It has as many crowns and stars as the badge shows, whatever the run; one without either is not drawn.
EMB-2  The same badge gives the same bytes, so that a printer and a web page have the same mark.
EMB-3  A seal is a toothed disc in a metal, with a row of as many stars as can be reached; those that were are filled.
"""

from __future__ import annotations

from html import escape
from math import cos, pi, sin

SIDE = 100
GAP = 16
SEAL_MM = 30
GOLD, EDGE = "#b8892b", "#6d4f10"
METALS = {"gold": (GOLD, EDGE), "silver": ("#8e9aa5", "#55606a"), "bronze": ("#b0733f", "#6e3f17")}
_TEETH = 48
_CROWN = "M8 84 L8 92 L92 92 L92 84 Z M8 78 L2 30 L28 54 L50 12 L72 54 L98 30 L92 78 Z"
_JEWELS = ((2, 27), (50, 9), (98, 27))
_POINTS = 5
_OUTER, _INNER = 48.0, 18.3  # the inner one makes the edges of opposite points one line


def emblem_svg(crowns: int, stars: int, *, title: str) -> str:
    """Return the mark of `crowns` and `stars`, of which there is at least one; `title` says the same in words."""
    drawn = [_crown(place) for place in range(crowns)] + [_star(crowns + place) for place in range(stars)]
    width = len(drawn) * (SIDE + GAP) - GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 -4 {width + 8} {SIDE + 8}" role="img">'
        f'<title>{escape(title)}</title><g fill="{GOLD}" stroke="{EDGE}" stroke-width="2" stroke-linejoin="round">'
        f"{''.join(drawn)}</g></svg>"
    )


def width_mm(crowns: int, stars: int, *, side_mm: int = 18) -> int:
    """Return how wide the mark is where each square is `side_mm`."""
    return (crowns + stars) * side_mm


def seal_svg(metal: str, *, reached: int, of: int, title: str) -> str:
    """Return a seal in one of METALS, `reached` of its `of` stars filled; `title` says the same in words."""
    face, edge = METALS[metal]
    teeth = " L".join(
        f"{100 + radius * cos(angle):.2f} {100 + radius * sin(angle):.2f}"
        for number in range(2 * _TEETH)
        for radius, angle in [(96 if number % 2 else 89, pi * number / _TEETH)]
    )
    rays = "".join(
        f'<path d="M{100 + 64 * cos(a):.2f} {100 + 64 * sin(a):.2f} L{100 + 80 * cos(a):.2f} {100 + 80 * sin(a):.2f}"/>'
        for a in (2 * pi * number / _TEETH for number in range(_TEETH))
    )
    side = 0.62 if of == 1 else 0.34
    left = 100 - (of * SIDE * side + (of - 1) * 4) / 2
    stars = "".join(
        f'<g transform="translate({left + place * (SIDE * side + 4):.2f} {100 - SIDE * side / 2:.2f}) scale({side})"'
        f' fill="{face if place < reached else "#fff"}">{_star(0)}</g>'
        for place in range(of)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200" role="img"><title>{escape(title)}</title>'
        f'<g fill="{face}" stroke="{edge}" stroke-linejoin="round"><path stroke-width="1.5" d="M{teeth} Z"/>'
        f'<circle cx="100" cy="100" r="84" fill="#fff" stroke-width="1.5"/><g stroke="{face}">{rays}</g>'
        f'<circle cx="100" cy="100" r="60" fill="#fff" stroke-width="2"/><g stroke-width="3">{stars}</g></g></svg>'
    )


def _crown(place: int) -> str:
    jewels = "".join(f'<circle cx="{x}" cy="{y}" r="6"/>' for x, y in _JEWELS)
    return f'<g transform="translate({place * (SIDE + GAP)} 0)"><path d="{_CROWN}"/>{jewels}</g>'


def _star(place: int) -> str:
    corners = []
    for number in range(2 * _POINTS):
        radius = _INNER if number % 2 else _OUTER
        angle = pi * number / _POINTS - pi / 2
        corners.append(f"{50 + radius * cos(angle):.2f} {53 + radius * sin(angle):.2f}")
    return f'<path transform="translate({place * (SIDE + GAP)} 0)" d="M{" L".join(corners)} Z"/>'
