"""Telephone numbers as they are filed: one way of writing each, and none that must never be called.

TEL-1  A number without a country is Hong Kong's. Every number is kept as +852 2000 0001, with its extension.
TEL-2  Emergency numbers are refused wherever they are written, and so are short numbers but those of `SERVICES`.
TEL-3  A number that a spreadsheet has shortened, or that no telephone could dial, is refused.
TEL-4  A line for people in distress is refused like an emergency number (E14): whoever assesses it keeps it from them.
TEL-5  A cell holds one number. What would be an extension of more than LONGEST_EXTENSION digits is a second one.

A number need not be in use: fictitious ones are filed for training.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from checklists.language import N_, sentence
from sync_server.exchange.csv import excel
from sync_server.exchange.csv.cells import CellError

if TYPE_CHECKING:
    import phonenumbers

HOME, HOME_CODE = "HK", 852
# Numbers of public services that are short and may be assessed: the name is for whoever reads this table.
SERVICES = {
    "1823": "government hotline",
    "1081": "directory enquiries",
    "1083": "directory enquiries",
    "10000": "operator",
    "18501": "time and weather",
    "18503": "time and weather",
    "18508": "time and weather",
}
# Lines of Hong Kong for people in distress: the name is for whoever reads this table.
CRISIS_LINES = {
    "18111": "mental health support",
    "18281": "sexual and domestic violence",
    "18288": "family crisis",
    "23432255": "social welfare",
    "23755322": "sexual violence",
    "23820000": "suicide prevention",
    "23892222": "suicide prevention",
    "24667350": "mental health direct",
    "25220434": "domestic violence",
    "27551122": "child abuse",
    "28960000": "suicide prevention, many languages",
}
LONGEST_EXTENSION = 6
_LOOKS_DIALLED = re.compile(r"[0-9+().\s\-‐-―−/#*]*[0-9][0-9+().\s\-‐-―−/#*]*")
_DASHES = re.compile(r"[‐-―−]")
_EXTENSION = re.compile(r"\s*(?:內線|内线|轉|转|分機|分机|x|ext\.?)\s*", re.IGNORECASE)
_SUBSCRIBER = re.compile(r"[2-9][0-9]{7}|(?:800|900)[0-9]{6,8}|18[0-9]{5}")


def is_dialled(cell: str) -> bool:
    """Is `cell` made of what a telephone number is made of, and of nothing else?"""
    return _LOOKS_DIALLED.fullmatch(excel.narrow(cell)) is not None


def telephone(cell: str) -> str:
    """Return a number as it is kept.

    Raises:
        CellError: it is no number, an emergency number, a short one that is no service, or damaged.
    """
    import phonenumbers  # noqa: PLC0415 - every country's rules, and a server that imports nothing asks for none

    text = _DASHES.sub("-", excel.narrow(cell)).strip()
    text = _EXTENSION.sub(" ext ", text)
    bare = re.sub(r"[^0-9]", "", text.partition(" ext ")[0])
    at_home = bare.removeprefix("00852").removeprefix("852") if bare.startswith(("852", "00852")) else bare
    for digits in (bare, at_home):
        if digits and len(digits) < 8 and phonenumbers.connects_to_emergency_number(digits, HOME):
            message = sentence(
                N_('"{cell}" is an emergency number, which must never be called; take it out'), cell=cell[:40]
            )
            raise CellError("emergency-number", message)
    if at_home in CRISIS_LINES:
        raise _crisis_line(cell)
    if at_home in SERVICES:
        return at_home
    number = _parsed(text, cell)
    digits = phonenumbers.national_significant_number(number)
    if number.country_code == HOME_CODE and digits in CRISIS_LINES:
        raise _crisis_line(cell)
    if len(number.extension or "") > LONGEST_EXTENSION:
        message = sentence(N_('"{cell}" holds two numbers; give each a row of its own'), cell=cell[:40])
        raise CellError("two-numbers", message)
    if number.country_code == HOME_CODE and len(digits) < 8 and not _SUBSCRIBER.fullmatch(digits):
        listed = ", ".join(SERVICES)
        message = sentence(
            N_('"{cell}" is too short for a Hong Kong number; write eight digits (services: {services})'),
            cell=cell[:40], services=listed,
        )  # fmt: skip
        raise CellError("telephone-too-short", message)
    is_fit = (
        _SUBSCRIBER.fullmatch(digits) if number.country_code == HOME_CODE else phonenumbers.is_possible_number(number)
    )
    if not is_fit:
        raise _not_a_number(cell)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _parsed(text: str, cell: str) -> phonenumbers.PhoneNumber:
    import phonenumbers  # noqa: PLC0415

    written = re.sub(r"^00(?=[1-9])", "+", text)
    try:
        if written.isascii() and not re.search(r"[A-Za-z]", written.replace(" ext ", " ")):
            return phonenumbers.parse(written, HOME)
    except phonenumbers.NumberParseException as error:
        raise _not_a_number(cell) from error
    raise _not_a_number(cell)


def _crisis_line(cell: str) -> CellError:
    words = N_('"{cell}" is a line for people in distress, which must not be called to assess it; take it out')
    return CellError("crisis-line", sentence(words, cell=cell[:40]))


def _not_a_number(cell: str) -> CellError:
    message = sentence(
        N_('"{cell}" is not a telephone number; write it as +852 2000 0001, in a column formatted as text'),
        cell=cell[:40],
    )
    return CellError("not-a-telephone-number", message)
