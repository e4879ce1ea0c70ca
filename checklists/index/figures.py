"""One figure of an index table: its exact value, and how it was printed.

IDX-1  A negative may be printed with a sign or in brackets, "(7.28)", not with both; how it was printed is kept.
IDX-2  Satisfaction and loyalty lie from 0 to 100, a net promoter score from -100 to 100. What is no plain decimal, a
       fraction of one in place of a percentage, or a decimal comma is refused with what to write.
IDX-17 On request a negative is shown in brackets, on the page, on paper and in files alike. The values, what is odd in
       them and a table that was printed elsewhere stay as they are.
"""

from __future__ import annotations

import re
from fractions import Fraction

import msgspec

from checklists.language import N_
from checklists.number import exact
from checklists.problems import Misfit

_MINUS = str.maketrans("\u2212\ufe63\u2012\u2013", "----")  # what typesetters print for a minus
_FIGURE = re.compile(r"[+-]? ?(?:[0-9]{1,4}(?:\.[0-9]{0,10})?|\.[0-9]{1,10})")
_COMMA = re.compile(r"\(?[+-]?[0-9]{1,3},[0-9]{1,4}\)?")
_NEGATIVE = re.compile(r"- ?([0-9.]+)")
CENT, NET = (0, 100), (-100, 100)


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """An exact `value`, and the text that stood for it."""

    printed: str
    value: Fraction

    @property
    def is_bracketed(self) -> bool:
        """Was it printed in brackets?"""
        return self.printed.startswith("(")


def in_brackets(shown: str) -> str:
    """Return a figure with its negative in brackets, "-7.28 ± 1.10" as "(7.28) ± 1.10"; any other as it is (IDX-17)."""
    negative = _NEGATIVE.match(shown.translate(_MINUS))
    return f"({negative[1]}){shown[negative.end() :]}" if negative else shown


def read_figure(text: str, bounds: tuple[int, int]) -> Figure:
    """Return the figure that `text` prints. Raises Misfit, whose sentence says what to write instead."""
    plain = text.strip().translate(_MINUS)
    inner = plain.removeprefix("(").removesuffix(")").strip()
    is_bracketed = plain.startswith("(") and plain.endswith(")")
    if is_bracketed and inner[:1] in ("+", "-"):
        raise Misfit("index-figure", N_("{value} has a sign inside brackets; write -7.28 or (7.28)"))
    if _COMMA.fullmatch(plain):
        raise Misfit("index-figure", N_("{value} has a comma in it; write it with a point, as 75.08"))
    if plain.endswith("%"):
        raise Misfit("index-figure", N_("{value} has a percent sign; write it without, as 75.08"))
    if (plain != inner and not is_bracketed) or not _FIGURE.fullmatch(inner):
        raise Misfit("index-figure", N_("{value} is not a figure; write it as 75.08, a negative as -7.28 or (7.28)"))
    value = exact(inner.replace(" ", ""))
    value = -value if is_bracketed else value
    least, most = bounds
    if not least <= value <= most:
        raise Misfit("index-figure", N_("{value} lies outside {least} to {most}"), least=least, most=most)
    if bounds == CENT and 0 < value < 1:
        words = N_("{value} looks like a percentage of a spreadsheet; format the column as text, then write 75.08")
        raise Misfit("index-figure", words)
    return Figure(printed=text.strip(), value=value)
