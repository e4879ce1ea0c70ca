"""What a spreadsheet did to a cell: taken where only one thing can have been meant, else named with a lasting remedy.

XL-1  An error value (#N/A, #REF!, Err:502, ########) and a number rounded for show (8.52E+10) are never values.
XL-2  ="…" is what stands between the quotation marks. Full-width letters and digits are their narrow ones wherever a
      cell holds no words; digits of another script are no digits at all.
XL-3  A remedy says to format the column as text first: what is typed over in a number column is changed again.
"""

from __future__ import annotations

import re

from checklists.language import N_, Sentence, sentence

ERRORS = frozenset({
    "#N/A", "#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!",
    "#UNKNOWN!", "#CONNECT!", "#BUSY!", "#GETTING_DATA", "#EXTERNAL!", "#PYTHON!", "#ERROR!", "#TIMEOUT!",
})  # fmt: skip
_ERROR_NUMBER = re.compile(r"ERR:[0-9]{3}")  # as LibreOffice writes them
_TOO_NARROW = re.compile(r"#{3,}")
_ROUNDED = re.compile(r"[+-]?[0-9](?:[.,][0-9]+)?E[+-]?[0-9]{2,3}", re.IGNORECASE)
_QUOTED = re.compile(r'="(.*)"', re.DOTALL)
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
# What a spreadsheet makes of "1-6": a day of this year, written in one of these ways.
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATE_LIKE = re.compile(
    rf"[0-9]{{1,2}}[-/ ]{_MONTH}(?:[-/ ][0-9]{{2,4}})?|{_MONTH}[-/ ][0-9]{{1,2}}|[0-9]{{1,2}}月[0-9]{{1,2}}日"
    r"|[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}(?: 00:00(?::00)?)?",
    re.IGNORECASE,
)


def unquoted(cell: str) -> str:
    """Return `cell` without the ="…" that keeps a spreadsheet from reading it as a number."""
    match = _QUOTED.fullmatch(cell)
    return match[1].replace('""', '"').strip() if match else cell


def narrow(cell: str) -> str:
    """Return `cell` with full-width letters, digits and marks as their narrow ones."""
    return cell if cell.isascii() else cell.translate(_NARROW)


def is_rounded(cell: str) -> bool:
    """Is this a number that a spreadsheet shows rounded, "8.52E+10"?"""
    return _ROUNDED.fullmatch(cell) is not None


def is_like_a_date(cell: str) -> bool:
    """Is this what a spreadsheet makes of "1-6" where it may?"""
    return _DATE_LIKE.fullmatch(cell) is not None


def damage(cell: str) -> tuple[str, Sentence] | None:
    """Return the code and the remedy where a spreadsheet destroyed what stood in `cell`; else None."""
    upper = cell.upper()
    if upper in ERRORS or _ERROR_NUMBER.fullmatch(upper):
        return "excel-error", sentence(
            N_("is the spreadsheet's error {cell}, not a value; mend the formula, or type the value"), cell=cell
        )
    if _TOO_NARROW.fullmatch(cell):
        return "excel-too-narrow", sentence(
            N_("is {cell}, which a spreadsheet shows where a column is too narrow; widen the column and save again"),
            cell=cell[:20],
        )
    if is_rounded(cell):
        return "excel-rounded", sentence(
            N_('"{cell}" is a number the spreadsheet has rounded; format the column as text, then type it in full'),
            cell=cell,
        )
    return None
