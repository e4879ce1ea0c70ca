"""Exact numbers: in from text, kept as fractions, out by one named rounding. No float on any path.

R30  Nothing is rounded in between; a score is rounded once, at the edge, by a named mode.
Bounds (season-file "Numbers"): at most 40 digits and exponents within ±30, so that no input can hang a reader.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Literal

MAX_DIGITS = 40
MAX_EXPONENT = 30

Rounding = Literal["half_up", "floor", "half_even", "none"]

_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
_DECIMAL = re.compile(r"([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,12}))?", re.ASCII)


class NotANumberError(ValueError):
    """The text is not an exact number within bounds; the message says which and what to write instead."""


def exact(value: int | str | Decimal | Fraction) -> Fraction:
    """Return `value` ("93.255", "1/3", 82, "-1e2") as an exact fraction.

    Raises:
        NotANumberError: not a number, not finite, over 40 digits, or an exponent beyond ±30.
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, (bool, float)):
        raise NotANumberError(f'{value!r} is not an exact number; write it as decimal text, such as "82.5"')
    if isinstance(value, int):
        if value.bit_length() > 140 or len(str(abs(value))) > MAX_DIGITS:
            raise NotANumberError(f"a number of over {MAX_DIGITS} digits; write a shorter one")
        return Fraction(value)
    text = str(value).strip()
    above, slash, below = text.partition("/")
    if not slash:
        return _decimal(text)
    if len(text) <= MAX_DIGITS and text.isascii() and above.isdigit() and below.isdigit() and below.strip("0"):
        return Fraction(int(above), int(below))  # as nearly all are written
    divisor = _whole(below)
    if divisor == 0:
        raise NotANumberError(f"{_short(text)} divides by zero")
    return Fraction(_whole(above), divisor)


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise NotANumberError(f'{_short(text)} is not a whole number; write a fraction as "1/3"')
    if len(text.lstrip("+-")) > MAX_DIGITS:
        raise NotANumberError(f"a number of over {MAX_DIGITS} digits; write a shorter one")
    return int(text)


def _decimal(text: str) -> Fraction:
    match = _DECIMAL.fullmatch(text) if len(text) <= 4 * MAX_DIGITS else None
    if match is None and len(text) > 4 * MAX_DIGITS:
        raise NotANumberError(f"a number of over {MAX_DIGITS} digits; write a shorter one")
    if match is None or not (match[2] or match[3]):
        raise NotANumberError(f'{_short(text)} is not a number; write decimal text such as "82.5"')
    sign, whole, part, exponent = match[1], match[2] or "", match[3] or "", int(match[4] or 0)
    if len(whole) + len(part) > MAX_DIGITS:
        raise NotANumberError(f"a number of over {MAX_DIGITS} digits; write a shorter one")
    if abs(exponent) > MAX_EXPONENT:
        raise NotANumberError(f"{_short(text)} has an exponent beyond ±{MAX_EXPONENT}; write the number out")
    power = exponent - len(part)
    number = int(whole + part) * (-1 if sign == "-" else 1)
    return Fraction(number * 10**power) if power >= 0 else Fraction(number, 10**-power)


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")


def rounded(value: Fraction, places: int, mode: Rounding) -> Fraction:
    """Return `value` rounded to `places` decimals: `half_up` away from zero, `half_even`, `floor` or `none`."""
    if mode == "none":
        return value
    scale = 10**places
    scaled = value * scale
    if mode == "floor":
        return Fraction(scaled.__floor__(), scale)
    if mode == "half_even":
        return Fraction(round(scaled), scale)
    whole = (abs(scaled) + Fraction(1, 2)).__floor__()
    return Fraction(whole if scaled >= 0 else -whole, scale)


def shown(value: Fraction, places: int = 2) -> str:
    """Return `value` as a person reads it: `places` decimals, half up, trailing zeros kept ("86.17")."""
    # The same as `rounded(..., "half_up")`, in integers: a season shows tens of thousands of scores.
    below = 2 * value.denominator
    whole = (abs(value.numerator) * 2 * 10**places + value.denominator) // below
    whole = whole if value.numerator >= 0 else -whole
    digits = str(abs(whole)).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if whole < 0 else text


def shown_up(value: Fraction, places: int = 2) -> str:
    """Return `value` rounded up (towards more): what a round must still bring."""
    scale = 10**places
    return shown(Fraction((value * scale).__ceil__(), scale), places)


def exact_text(value: Fraction) -> str:
    """Return `value` in lowest terms, "517/6", integers without "/1"."""
    return str(value)


def as_answer(number: Fraction) -> int | str:
    """Return an exact number as an answer holds it: an integer, decimal text of at most 12 places, else "1/3"."""
    return number.numerator if number.denominator == 1 else decimal_text(number, most_places=12)


def decimal_text(value: Fraction, *, most_places: int | None = None) -> str:
    """Return `value` as a decimal ("0.2") where one is exact (with `most_places`: and no longer), else "1/3"."""
    twos = fives = 0
    below = value.denominator
    while below % 2 == 0:
        below, twos = below // 2, twos + 1
    while below % 5 == 0:
        below, fives = below // 5, fives + 1
    places = max(twos, fives)
    if below != 1 or (most_places is not None and places > most_places):
        return exact_text(value)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"
