"""The sustainability mark as artwork: crowns, then stars, in one row of equal squares, drawn by rule as SVG.

EMB-1  It has as many crowns and stars as the badge shows, whatever the run; one without either is not drawn.
EMB-2  The same badge gives the same bytes, so that a printer and a web page have the same mark.
"""

from __future__ import annotations

from html import escape
from math import cos, pi, sin

SIDE = 100
GAP = 16
GOLD, EDGE = "#b8892b", "#6d4f10"
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
