"""Personal data that must not be in an assessor's words (privacy E7): found and named.

Looked for: Hong Kong identity card numbers (by their check digit; in brackets also with a wrong one), 8-digit
Hong Kong telephone numbers, payment card numbers (13 to 19 digits that pass the Luhn test), e-mail addresses.
Full-width digits and letters count as plain ones. A match is reported by place and kind, never by its words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType

import msgspec

from checklists.language import N_, Template
from checklists.record.telephone_numbers import telephone_numbers_in


class PersonalData(StrEnum):
    """What was found."""

    IDENTITY_CARD = "identity_card"
    TELEPHONE = "telephone"
    PAYMENT_CARD = "payment_card"
    EMAIL = "email"


# What each is called within a sentence.
PERSONAL_DATA: Mapping[PersonalData, Template] = MappingProxyType(
    {
        PersonalData.IDENTITY_CARD: N_("an identity card number"),
        PersonalData.TELEPHONE: N_("a telephone number"),
        PersonalData.PAYMENT_CARD: N_("a payment card number"),
        PersonalData.EMAIL: N_("an e-mail address"),
    }
)


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of the text, as positions in it."""

    kind: PersonalData
    start: int
    end: int


# Nothing below matches without one of these; most sentences have none, and the server reads thousands a second.
_HINT = re.compile(r"[\d@]")
_ASCII_HINTS = "0123456789@"
_HKID = re.compile(r"(?<![A-Z0-9])([A-Z]{1,2})[ -]?(\d{6})[ -]?(?:(\()([0-9A])\)|([0-9A])(?![A-Z0-9]))", re.IGNORECASE)
# Lengths are bounded and starts anchored, so that no text, however long or hostile, takes more than one pass.
_EMAIL = re.compile(r"(?<![A-Z0-9._%+-])[A-Z0-9._%+-]{1,64}@(?:[A-Z0-9-]{1,63}\.){1,8}[A-Z]{2,24}", re.IGNORECASE)
_CARD = re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)")


def personal_data_in(text: str) -> tuple[Found, ...]:
    """Return what was found in `text`, in order, without overlaps."""
    plain = _plain(text)
    if not _has_hint(plain):
        return ()
    covered = bytearray(len(plain))
    found: list[Found] = []
    emails = _plainly(_EMAIL, PersonalData.EMAIL, plain)
    for stretch in (*_cards(plain), *_identity_cards(plain), *emails, *_telephones(plain)):
        if not any(covered[stretch.start : stretch.end]):
            covered[stretch.start : stretch.end] = b"\1" * (stretch.end - stretch.start)
            found.append(stretch)
    return tuple(sorted(found, key=lambda stretch: stretch.start))


def may_hold_personal_data(text: str) -> bool:
    """Return whether it is worth looking in `text`, or in the parts it is made of: a quick look before the careful."""
    return not text.isascii() or _has_hint(text)


def _has_hint(plain: str) -> bool:
    if plain.isascii():  # looking for one letter at a time is far quicker than for any of a class
        for hint in _ASCII_HINTS:  # noqa: SIM110 - a generator would cost more than the search
            if hint in plain:
                return True
        return False
    return _HINT.search(plain) is not None


class _PlainForms(dict[int, str]):
    """The plain form of each character met so far, for `str.translate`."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKC", chr(code))
        self[code] = plain if len(plain) == 1 else chr(code)
        return self[code]


_PLAIN_FORMS = _PlainForms()


def _plain(text: str) -> str:
    """Full-width forms become plain ones, each still one character long, so that positions hold."""
    return text if text.isascii() else text.translate(_PLAIN_FORMS)


def _plainly(pattern: re.Pattern[str], kind: PersonalData, text: str) -> Iterator[Found]:
    return (Found(kind=kind, start=match.start(), end=match.end()) for match in pattern.finditer(text))


def _identity_cards(text: str) -> Iterator[Found]:
    for match in _HKID.finditer(text):
        letters, digits, bracket, check = match[1].upper(), match[2], match[3], (match[4] or match[5]).upper()
        if bracket or _check_digit(letters, digits) == check:
            yield Found(kind=PersonalData.IDENTITY_CARD, start=match.start(), end=match.end())


def _check_digit(letters: str, digits: str) -> str:
    """Return the check digit: letters count from 10, a missing first letter 36, weights 9 down to 2, modulo 11."""
    values = [ord(letter) - 55 for letter in letters.rjust(2)] if len(letters) == 2 else [36, ord(letters) - 55]
    values += [int(digit) for digit in digits]
    remainder = 11 - sum(weight * value for weight, value in zip(range(9, 1, -1), values, strict=True)) % 11
    return {10: "A", 11: "0"}.get(remainder, str(remainder))


def _cards(text: str) -> Iterator[Found]:
    for match in _CARD.finditer(text):
        digits = [int(letter) for letter in match[0] if letter.isdigit()]
        doubled = [
            digit if place % 2 == 0 else sum(divmod(2 * digit, 10)) for place, digit in enumerate(reversed(digits))
        ]
        if sum(doubled) % 10 == 0:
            yield Found(kind=PersonalData.PAYMENT_CARD, start=match.start(), end=match.end())


def _telephones(text: str) -> Iterator[Found]:
    return (Found(kind=PersonalData.TELEPHONE, start=start, end=end) for start, end in telephone_numbers_in(text))
