"""What one cell may hold. A reader takes the trimmed text of a filled cell: its value comes back, or the remedy.

A moment written without a zone comes back without one: `in_zone` gives it the season's.

CEL-1  A value that comes back can be read again by whatever reads a season: figures and years are bounded here.
CEL-2  A day may be written 2021-03-01, 2021/3/1 or 2021年3月1日: the year first is understood everywhere. Any other
       order of the figures has two meanings and is refused.
CEL-3  Digits are 0 to 9, whatever else Unicode calls a digit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from checklists.language import N_, Sentence, Template, sentence
from checklists.number import NotANumberError, exact
from sync_server.exchange.csv.excel import is_like_a_date

MAX_TEXT = 20_000
FIRST_YEAR, LAST_YEAR = 1990, 2189  # of a day or a moment: season files hold no more

Cell = Callable[[str], object]

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,79}")
_NO_LETTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_WHOLE = re.compile(r"[0-9]{1,9}")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_DAY = re.compile(
    r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})|([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日|([0-9]{4})([0-9]{2})([0-9]{2})"
)
_MOMENT = re.compile(
    r"(?P<day>[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{8}|[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日)"
    r"(?:[T ]\s*(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]+)?)?"
    r"(?P<zone>Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_SERIALS_BEGIN = date(1899, 12, 30)


class CellError(ValueError):
    """A cell cannot be read, or does not fit the others of its row; `message` says what to write instead.

    `column` is where to look first; whoever reads one cell only leaves it empty, for its caller knows.
    """

    def __init__(self, code: str, message: Sentence, *, column: str = "") -> None:
        super().__init__(str(message))
        self.code = code
        self.message = message
        self.column = column


def words(cell: str) -> str:
    """Any words, up to 20,000 characters, without what no screen shows."""
    if len(cell) > MAX_TEXT:
        raise CellError("text-too-long", sentence(N_("is longer than {limit} characters; shorten it"), limit=MAX_TEXT))
    if _NO_LETTER.search(cell):
        raise CellError("not-words", sentence(N_("holds characters that cannot be shown; type it again")))
    return cell


def code(cell: str) -> str:
    """A permanent short name: letters, digits, and . _ - @ inside."""
    if not _CODE.fullmatch(cell):
        raise CellError(
            "not-a-code",
            sentence(N_('"{cell}" is not a code; use up to 80 letters, digits, "-", "_" or "."'), cell=cell[:40]),
        )
    if is_like_a_date(cell):
        message = sentence(
            N_('"{cell}" is a date, made by the spreadsheet; format the column as text, then type the code again'),
            cell=cell,
        )
        raise CellError("not-a-code", message)
    return cell


class OneOf:
    """The reader of a cell that holds one of `choices`, in any case."""

    def __init__(self, choices: tuple[str, ...]) -> None:
        self.choices = choices

    def __call__(self, cell: str) -> str:
        """Return the choice; raise CellError for anything else."""
        if cell.lower() in self.choices:
            return cell.lower()
        message = N_('"{cell}" is not known; write one of: {choices}')
        raise CellError("not-a-choice", sentence(message, cell=cell[:40], choices=tuple(self.choices)))


def one_of(*choices: str) -> OneOf:
    """Return the reader of a cell that holds one of `choices`, in any case."""
    return OneOf(choices)


def whole(least: int, most: int) -> Cell:
    """Return the reader of a whole number from `least` to `most`; 1,200 is 1200."""

    def read(cell: str) -> int:
        text = cell.replace(",", "") if _THOUSANDS.fullmatch(cell) else cell
        if _WHOLE.fullmatch(text) and least <= int(text) <= most:
            return int(text)
        raise CellError(
            "not-a-whole-number",
            sentence(
                N_('"{cell}" is not a whole number from {least} to {most}'), cell=cell[:40], least=least, most=most
            ),
        )

    return read


def decimal(cell: str) -> str:
    """An exact number, as it was written."""
    try:
        exact(cell)
    except NotANumberError as error:
        raise CellError(
            "not-a-number", sentence(N_('"{cell}" is not a number; write it as 88.2'), cell=cell[:40])
        ) from error
    return cell


def score(cell: str) -> str:
    """A past score from 0 to 100, exactly as it was written. A fraction of one is a percentage gone wrong."""
    percent = decimal(cell.removesuffix("%").strip())
    value = exact(percent)
    if not 0 <= value <= 100:
        message = sentence(N_('"{cell}" is not a score; write one from 0 to 100, such as 88.2'), cell=cell[:40])
        raise CellError("not-a-score", message)
    if 0 < value <= 1:
        message = sentence(
            N_('"{cell}" looks like a percentage of a spreadsheet; format the column as text, then write 88.2'),
            cell=cell[:40],
        )
        raise CellError("not-a-score", message)
    return percent


def degrees(most: int) -> Cell:
    """Return the reader of degrees from -`most` to `most`, as a map gives them."""

    def read(cell: str) -> float:
        try:
            value = exact(cell)
        except NotANumberError:
            value = exact(most + 1)
        if -most <= value <= most:
            return float(value)
        message = sentence(
            N_('"{cell}" is not a number of degrees from -{most} to {most}; write it as 22.2870'),
            cell=cell[:40],
            most=most,
        )
        raise CellError("not-degrees", message)

    return read


def yes_no(cell: str) -> bool:
    """Yes or no, in either language."""
    answer = {
        "yes": True,
        "y": True,
        "true": True,
        "1": True,
        "是": True,
        "no": False,
        "n": False,
        "false": False,
        "0": False,
        "否": False,
    }
    if cell.lower() in answer:
        return answer[cell.lower()]
    raise CellError("not-yes-or-no", sentence(N_('"{cell}" is neither yes nor no'), cell=cell[:40]))


def day(cell: str) -> date:
    """A date, 2021-03-01 or 2021/3/1; a moment at 00:00 is its day."""
    match = _DAY.fullmatch(re.sub(r"[T ]+0?0:00(?::00)?$", "", cell))
    try:
        if match is None:
            raise ValueError(cell)
        year, month, on = [part for part in match.groups() if part and part not in "-/."]
        read = date(int(year), int(month), int(on))
    except ValueError as error:
        raise _not_a_day(cell, "not-a-date", N_('"{cell}" is not a date; write it as 2021-03-01')) from error
    return _in_bounds(read)


def moment(cell: str) -> datetime:
    """A date and time; a date alone is its first moment."""
    match = _MOMENT.fullmatch(cell)
    try:
        if match is None:
            raise ValueError(cell)
        at = time(int(match["hour"] or 0), int(match["minute"] or 0), int(match["second"] or 0))
        read = datetime.combine(day(match["day"]), at)
        return read.replace(tzinfo=datetime.fromisoformat(f"2000-01-01T00:00{_zone(match)}").tzinfo)
    except CellError as error:
        if error.code == "year-out-of-range":
            raise
        raise _not_a_moment(cell) from error
    except ValueError as error:
        raise _not_a_moment(cell) from error


def end_moment(cell: str) -> datetime:
    """The moment something ends, not itself included: a date alone means that whole day still belongs."""
    read = moment(cell)
    return read if ":" in cell else read + timedelta(days=1)


def first_moment(cell: str) -> datetime:
    """A date, as its first moment."""
    return datetime.combine(day(cell), time())


def _zone(match: re.Match[str]) -> str:
    zone = match["zone"] or ""
    return zone if ":" in zone or zone in ("", "Z") else f"{zone[:3]}:{zone[3:] or '00'}"


def _in_bounds(on: date) -> date:
    if FIRST_YEAR <= on.year <= LAST_YEAR:
        return on
    message = sentence(
        N_("lies in the year {year}; write one from {first} to {last}"), year=on.year, first=FIRST_YEAR, last=LAST_YEAR
    )
    raise CellError("year-out-of-range", message)


def _not_a_moment(cell: str) -> CellError:
    words = N_('"{cell}" is not a date and time; write it as 2021-03-01 09:00, in the season\'s time zone')
    return _not_a_day(cell, "not-a-moment", words)


def _not_a_day(cell: str, code: str, words: Template) -> CellError:
    """Say which day a spreadsheet's number for one is, and how to keep a spreadsheet from changing a day."""
    if _SERIAL.fullmatch(cell) and 32_000 < float(cell) < 74_000:
        meant = _SERIALS_BEGIN + timedelta(days=int(float(cell)))
        said = N_(
            '"{cell}" is a spreadsheet\'s number for a day, perhaps {day}; format the column as text, then type the day'
        )
        return CellError(code, sentence(said, cell=cell, day=meant.isoformat()))
    if re.fullmatch(r"[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}", cell):
        return CellError(
            code, sentence(N_('"{cell}" is no day of the calendar; write it as 2021-03-01'), cell=cell[:40])
        )
    if is_like_a_date(cell) or re.fullmatch(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4}.*", cell):
        said = N_('"{cell}" can be read as two different days; format the column as text, then write 2021-03-01')
        return CellError(code, sentence(said, cell=cell[:40]))
    return CellError(code, sentence(words, cell=cell[:40]))


def in_zone(cells: Mapping[str, Any], zone: ZoneInfo) -> Mapping[str, Any]:
    """Return `cells`, those moments that were written without a zone in `zone`, the season's (R1)."""
    return {
        column: value.replace(tzinfo=zone) if isinstance(value, datetime) and value.tzinfo is None else value
        for column, value in cells.items()
    }


def listed(each: Cell) -> Cell:
    """Return the reader of a list separated by ";" (also "；" and line breaks); empty items are dropped."""

    def read(cell: str) -> tuple[object, ...]:
        return tuple(each(item.strip()) for item in re.split(r"[;；\n]", cell) if item.strip())

    return read


listed_words = listed(words)
