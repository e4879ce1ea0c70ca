"""Hong Kong telephone numbers in an assessor's words, and figures that only look like one.

TPN-1  Eight digits from 2 to 9 on, with or without 852: in one, or in two halves with what keyboards put between them,
       a space, a full stop, a low line or any dash.
TPN-2  No number are a day, two years, a span of clock times or several of them, a range of small steps or of round
       figures, money, and what is written behind a form's or a reference's letters or name.
TPN-3  In doubt it is a number: two halves that could be clock times are, unless a span or the words beside them say so.

Lengths are bounded and starts anchored, so that no text, however long or hostile, takes more than one pass. The text is
plain: full-width forms were made narrow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_DASHES = "\\-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d"
_NUMBER = re.compile(
    rf"(?<!\d)(?<!\d[.,])(?:(?:\+|00)?852[ ._{_DASHES}]?)?([2-9]\d{{3}})( ?[{_DASHES}] ?|[ ._]?)(\d{{4}})"
    rf"(?![ .,{_DASHES}]?\d)"
)
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_BESIDE = 24  # characters looked at before a figure, and behind it

_DAY_BEFORE = re.compile(rf"(?:\b(?:{_MONTHS})[a-z]{{0,6}}\.?,? |\d{{1,2}}[/.{_DASHES}]|月)$", re.IGNORECASE)
_TIME_BEFORE = re.compile(
    r"(?:\b(?:at|from|between|open|opens|opened|hours?|until|till|before|after|about|around)|時間?|由|於|在) ?$",
    re.IGNORECASE,
)
_MONEY_BEFORE = re.compile(
    r"(?:[$¥£€]|\b(?:HKD|USD|RMB|CNY|NTD|TWD|MOP|EUR|GBP|JPY|HK|US)\$?|港幣|港元|人民幣) ?$", re.IGNORECASE
)
_MONEY_BEHIND = re.compile(r" ?(?:\b(?:dollars?|HKD|USD|RMB|yuan|million)\b|元|蚊|港幣|萬|億)", re.IGNORECASE)
_NAMED_BEFORE = re.compile(
    r"(?:\b(?:form|ref|reference|case|order|invoice|receipt|ticket|booking|serial|policy|leaflet|page|room|version)"
    r"|表格|編號|檔案|單號|發票|收據|訂單|個案|參考)[.:]? ?(?:no\.?|number|號碼?)?[:#]? ?$",
    re.IGNORECASE,
)
_LETTERS_BEFORE = re.compile(rf"\b([A-Za-z]{{1,12}})[{_DASHES}/_]$")
_CALLS = frozenset({"tel", "phone", "ph", "mobile", "mob", "call", "whatsapp", "fax", "hotline", "t", "m"})


def telephone_numbers_in(text: str) -> Iterator[tuple[int, int]]:
    """Yield where in `text` a telephone number starts and ends."""
    for match in _NUMBER.finditer(text):
        if not _is_something_else(text, match):
            yield match.span()


def _is_something_else(text: str, match: re.Match[str]) -> bool:
    first, between, second = match.groups()
    before = text[max(0, match.start() - _BESIDE) : match.start()]
    behind = text[match.end() : match.end() + _BESIDE]
    if not match[0].startswith(first):  # with 852 before it, it is meant to be called
        return False
    if _MONEY_BEFORE.search(before) or _MONEY_BEHIND.match(behind) or _NAMED_BEFORE.search(before):
        return True
    letters = _LETTERS_BEFORE.search(before)
    if letters and letters[1].lower() not in _CALLS:
        return True
    if not between:
        return re.fullmatch(r"20\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])", first + second) is not None
    is_dash = between.strip(" ._") != ""
    return _is_pair(int(first), int(second), is_dash=is_dash) or _is_time(first, second, is_dash, before, behind)


def _is_pair(first: int, second: int, *, is_dash: bool) -> bool:
    """Whether the halves are the ends of a range, or two years."""
    step = second - first
    are_years = all(1990 <= year < 2100 for year in (first, second)) and 1 <= step <= 100
    return are_years or (is_dash and step > 0 and (step <= 20 or first % 100 == second % 100 == 0))


def _is_time(first: str, second: str, is_dash: bool, before: str, behind: str) -> bool:
    """Whether the halves are clock times, or a year and a clock time after a day of it."""
    if not _is_clock(second):
        return False
    if 1990 <= int(first) < 2100 and _DAY_BEFORE.search(before):
        return True
    if not _is_clock(first):
        return False
    is_listed = re.match(r",? (?:and |or |to )?[0-2]\d[0-5]\d(?!\d)", behind) is not None
    return (is_dash and second > first) or is_listed or _TIME_BEFORE.search(before) is not None


def _is_clock(half: str) -> bool:
    return int(half[:2]) < 24 and int(half[2:]) < 60
