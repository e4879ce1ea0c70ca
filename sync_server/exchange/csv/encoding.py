"""Which encoding a file was saved in: decided by what it says, and asked for where two readings are both likely.

ENC-1  UTF-8 and UTF-16 say so themselves, with a mark or without.
ENC-2  Other files are read as every encoding an office here saves in: Big5 with Hong Kong's characters, GB18030,
       Windows (cp1252) and Mac Roman. Each reading is weighed by how likely its characters are where they stand.
ENC-4  Japanese, Korean and alphabets of one byte a letter are looked for too, and never taken: where one is likely,
       somebody is asked. So is text in seven bits that is not what it seems (ISO-2022, HZ, UTF-7).
ENC-3  Only a reading that is far likelier than every other is taken. Otherwise there is a doubt, and nothing of the
       file is used: three cells in each likely reading are shown, and somebody says which is right.

Why not `charset-normalizer`: it took most files of up to five random names, and a third of those of ten in Simplified
Chinese, for another encoding, and says nothing of doubt. Here none is taken wrongly, and short ones are asked for.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from typing import NamedTuple

from sync_server.exchange.csv.likely import is_wrong_in_latin, likelihood_of_chinese, likelihood_of_latin
from sync_server.exchange.csv.likely_abroad import ABROAD, is_eastern

UTF_8, UTF_16 = "utf-8", "utf-16"
NAMES: Mapping[str, str] = {
    UTF_8: "UTF-8",
    UTF_16: "UTF-16",
    "big5": "Big5 (HKSCS)",
    "gb18030": "GB18030",
    "cp1252": "Windows-1252",
    "mac_roman": "Mac Roman",
    "cp932": "Shift_JIS",
    "euc_jp": "EUC-JP",
    "cp949": "EUC-KR",
    "cp1251": "Windows-1251",
    "koi8_r": "KOI8-R",
    "cp1253": "Windows-1253",
    "cp1255": "Windows-1255",
    "cp1256": "Windows-1256",
    "cp874": "Windows-874",
    "iso2022_jp": "ISO-2022-JP",
    "iso2022_kr": "ISO-2022-KR",
    "hz": "HZ",
    "utf_7": "UTF-7",
}
# How far apart two readings must be to decide: a factor of some thousands, less between the two Latin ones, whose
# letters mostly agree.
DECIDED, DECIDED_LATIN = 8.5, 4.0
LATIN = frozenset({UTF_8, "cp1252", "mac_roman"})
RARER_ON_A_MAC = 3.0  # one file in twenty
RARER_FROM_ABROAD = 4.0  # one file in fifty
UNLIKELY = -4.0  # a character: less than one in fifty would be expected where it stands
FEW = 4  # Chinese characters that prove nothing, however common they are
BY_CHANCE = 6
SAMPLES = 3


class Decoded(NamedTuple):
    """The text of a file, and the encoding it was read as."""

    text: str
    encoding: str


class Doubt(NamedTuple):
    """The readings between which nobody but a person can decide: text by encoding, the likelier first."""

    readings: Mapping[str, str]

    def samples(self) -> Mapping[str, tuple[str, ...]]:
        """Return, by encoding, the same three cells in each reading: those in which the readings differ."""
        cells = {name: _cells(text) for name, text in self.readings.items()}
        shared = range(min(len(each) for each in cells.values())) if cells else range(0)
        first = next(iter(cells.values()), [])
        wanted = [at for at in shared if not first[at].isascii()]
        wanted.sort(key=lambda at: -sum(not letter.isascii() for letter in first[at][:40]))
        chosen = sorted(wanted[:SAMPLES])
        return {name: tuple(each[at][:40] for at in chosen) for name, each in cells.items()}


def decoded(content: bytes, encoding: str = "") -> Decoded | Doubt:
    """Return the text of `content`, read as `encoding` where somebody has said so.

    Raises:
        UnicodeDecodeError: it is text in no encoding that is looked for, or not in the one that was named.
    """
    wide = _utf_16(content)
    if wide is not None:
        return Decoded(wide, UTF_16)
    if encoding:
        return Decoded(_READERS[encoding](content), encoding)
    readings: dict[str, str] = {}
    try:
        text = content.decode("utf-8").lstrip("\ufeff")
    except UnicodeDecodeError as error:
        if content.startswith(codecs.BOM_UTF8):
            raise
        not_utf_8: UnicodeDecodeError | None = error
    else:
        seven_bits = _seven_bits(content, text) if text.isascii() else {}
        if seven_bits:
            return Doubt({**seven_bits, UTF_8: text})
        if content.startswith(codecs.BOM_UTF8) or not _may_be_by_chance(text):
            return Decoded(text, UTF_8)
        readings[UTF_8], not_utf_8 = text, None
    readings |= _readings(content)
    if not readings and not_utf_8 is not None:
        raise not_utf_8
    return _weighed(readings)


def _readings(content: bytes) -> Mapping[str, str]:
    readings: dict[str, str] = {}
    for name in _LEGACY:
        try:
            reading = _READERS[name](content)
        except UnicodeDecodeError:
            continue
        if not any(letter < " " and letter not in "\r\n\t" for letter in reading):
            readings[name] = reading
    return readings


def _may_be_by_chance(text: str) -> bool:
    """May this be the bytes of two or three Chinese characters, which are UTF-8 of strange letters by chance?"""
    distinct = {letter for letter in text if not letter.isascii()}
    if not 0 < len(distinct) <= BY_CHANCE or max(distinct) >= "\u0800":
        return False
    return likelihood_of_latin(text) / len(distinct) < UNLIKELY


def _weighed(readings: Mapping[str, str]) -> Decoded | Doubt:
    weights: dict[str, float] = {}
    for name, text in readings.items():
        weigh = ABROAD.get(name) or (likelihood_of_latin if name in LATIN else likelihood_of_chinese)
        weights[name] = weigh(text) - _rarer(name)
    ranked = sorted(readings, key=lambda name: -weights[name])
    best = ranked[0]
    is_short = best not in LATIN and _distinct(readings[best]) < FEW
    close = [name for name in ranked if is_short or weights[best] - weights[name] < _apart(best, name)]
    several = [name for name in close if readings[name] != readings[best]]
    is_likely = weights[best] / max(1, _distinct(readings[best])) > UNLIKELY
    is_wrong = best in LATIN and is_wrong_in_latin(readings[best])
    if not several and is_likely and not is_wrong and best not in ABROAD:
        return Decoded(readings[best], best)
    return Doubt({name: readings[name] for name in (close if several else ranked[:3])})


def _rarer(name: str) -> float:
    return RARER_ON_A_MAC if name == "mac_roman" else RARER_FROM_ABROAD if name in ABROAD else 0.0


def _seven_bits(content: bytes, text: str) -> Mapping[str, str]:
    """Return what the text may be, if it is ASCII in which other characters are written."""
    readings: dict[str, str] = {}
    for name, sign in _SEVEN_BITS.items():
        if sign not in text:
            continue
        try:
            reading = content.decode(name)
        except UnicodeDecodeError:
            continue
        foreign = {letter for letter in reading if not letter.isascii()}
        if len(foreign) > 1 and all(is_eastern(letter) for letter in foreign):
            readings[name] = reading
    return readings


def _apart(best: str, other: str) -> float:
    return DECIDED_LATIN if {best, other} <= LATIN else DECIDED


def _distinct(text: str) -> int:
    return len({letter for letter in text if not letter.isascii()})


def _big5(content: bytes) -> str:
    """Read Big5 with Hong Kong's characters; Windows' own Big5 has a euro sign besides."""
    try:
        return content.decode("big5hkscs")
    except UnicodeDecodeError:
        return content.decode("cp950")


def _reader(name: str) -> Callable[[bytes], str]:
    return lambda content: content.decode(name)


_READERS: Mapping[str, Callable[[bytes], str]] = {
    UTF_8: lambda content: content.decode("utf-8").lstrip("\ufeff"),
    "big5": _big5,
    "gb18030": lambda content: content.decode("gb18030"),
    "cp1252": lambda content: content.decode("cp1252"),
    "mac_roman": lambda content: content.decode("mac_roman"),
    **{name: _reader(name) for name in (*ABROAD, "iso2022_jp", "iso2022_kr", "hz", "utf_7")},
}


_SEVEN_BITS: Mapping[str, str] = {"iso2022_jp": "\x1b$", "iso2022_kr": "\x1b$", "hz": "~{", "utf_7": "+"}
_LEGACY = tuple(name for name in _READERS if name != UTF_8 and name not in _SEVEN_BITS)


def _utf_16(content: bytes) -> str | None:
    """Return the text of UTF-16, or None. Without a mark, every second byte of its commas and line ends is zero."""
    if content.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)) and not len(content) % 4:
        return content.decode("utf-32")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16")
    if len(content) % 2 or content.count(0) * 8 < len(content):
        return None
    for name, zeros, letters in (("utf-16-le", 1, 0), ("utf-16-be", 0, 1)):
        if content[zeros::2].count(0) > 0 == content[letters::2].count(0):
            try:
                return content.decode(name)
            except UnicodeDecodeError:
                return None
    return None


def _cells(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [cell.strip(' "') for line in lines for cell in line.replace("\t", ",").replace(";", ",").split(",")]
