"""The entrants of a copy, each kept deflated: a whole copy in memory is a fiftieth of what its objects would take.

PAC-1  An entrant is unpacked when it is asked for, and kept by nobody: a reader that goes through all of them has one
       at a time.
PAC-2  In the file that is kept each entrant stands on a line of its own, so that it is read line by line. A line
       break is nowhere else in it; a file of an earlier release has none, and is read whole.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, overload

import msgspec

Json = dict[str, Any]
ENTRANTS = "entrants"
_QUICK = 1  # how hard to deflate what is unpacked again and again
_BLOCK = 1 << 16


class HeadOfEntry(msgspec.Struct):
    """An entry without its rounds."""

    channel: str
    withdrawn: bool = False


class Head(msgspec.Struct):
    """An entrant without its visits, which are nearly all of it."""

    id: str
    industry: str = ""
    organisation: str = ""  # "": its own
    entries: Sequence[HeadOfEntry] = ()


class Entrants(Sequence[Json]):
    """Entrants as a season file has them, in their order (PAC-1). Unpacked ones are the caller's own."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        """Pack entrants that are written as JSON."""
        self._packed = [zlib.compress(line, _QUICK) for line in lines]
        self._places: dict[str, int] = {}

    @classmethod
    def of(cls, entrants: Iterable[Json]) -> Entrants:
        """Pack entrants, each before the next is asked for."""
        return cls(map(msgspec.json.encode, entrants))

    def lines(self) -> Iterator[bytes]:
        """Yield each as JSON."""
        return map(zlib.decompress, self._packed)

    def heads(self) -> Iterator[Head]:
        """Yield each without its visits: a tenth of the time that unpacking them takes."""
        return map(_HEADS.decode, self.lines())

    def named(self, entrant_id: str) -> Json | None:
        """Return the entrant with this id, or None."""
        line = self.line(entrant_id)
        return None if line is None else msgspec.json.decode(line)

    def line(self, entrant_id: str) -> bytes | None:
        """Return the entrant with this id as JSON, or None."""
        if not self._places:
            self._places = {_id_of(packed): place for place, packed in enumerate(self._packed)}
        place = self._places.get(entrant_id)
        return None if place is None else zlib.decompress(self._packed[place])

    def __len__(self) -> int:
        return len(self._packed)

    @overload
    def __getitem__(self, place: int) -> Json: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Json]: ...
    def __getitem__(self, place: int | slice) -> Json | Sequence[Json]:
        if isinstance(place, slice):
            return [_unpacked(one) for one in self._packed[place]]
        return _unpacked(self._packed[place])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(one == each for one, each in zip(self, other, strict=True))

    # As a list.
    __hash__ = None  # type: ignore[assignment]


_HEADS = msgspec.json.Decoder(Head)
_FIRST = re.compile(rb'\{"id":("[^"\\]*")')  # as this server writes an entrant
_ENOUGH = 200  # bytes


def _id_of(packed: bytes) -> str:
    """Return the id of an entrant, of its first bytes where they tell it."""
    found = _FIRST.match(zlib.decompressobj().decompress(packed, _ENOUGH))
    return _HEADS.decode(zlib.decompress(packed)).id if found is None else msgspec.json.decode(found[1], type=str)


def _unpacked(packed: bytes) -> Json:
    entrant: Json = msgspec.json.decode(zlib.decompress(packed))
    return entrant


def written(file: Json, *, order: Literal["sorted"] | None = None) -> Iterator[bytes]:
    """Yield a copy as JSON without spaces, piece by piece; without `order`, an entrant a line (PAC-2)."""
    before = b"{"
    for name in sorted(file) if order else file:
        yield before + msgspec.json.encode(name) + b":"
        if name == ENTRANTS:
            yield from _entrants_written(file[name], order)
        else:
            yield msgspec.json.encode(file[name], order=order)
        before = b","
    yield b"}" if file else b"{}"


def _entrants_written(entrants: Iterable[Json], order: Literal["sorted"] | None) -> Iterator[bytes]:
    line_break = b"" if order else b"\n"
    if isinstance(entrants, Entrants) and order is None:
        lines = entrants.lines()  # they are written so already
    else:
        lines = (msgspec.json.encode(entrant, order=order) for entrant in entrants)
    yield b"["
    for place, line in enumerate(lines):
        yield (b"," if place else b"") + line_break + line
    yield line_break + b"]"


def set_out(file: Json) -> Iterator[bytes]:
    """Yield a copy as a person reads JSON, each level further in, piece by piece: a whole one may be a hundred MB."""
    before = b"{\n "
    for name, value in file.items():
        yield before + msgspec.json.encode(name) + b": "
        if name == ENTRANTS and len(value):
            opening = b"[\n  "
            for line in value.lines() if isinstance(value, Entrants) else map(msgspec.json.encode, value):
                yield opening + _further_in(line, 2)
                opening = b",\n  "
            yield b"\n ]"
        else:
            yield _further_in(b"[]" if name == ENTRANTS else msgspec.json.encode(value), 1)
        before = b",\n "
    yield b"\n}\n" if file else b"{}\n"


def _further_in(json: bytes, depth: int) -> bytes:
    return msgspec.json.format(json, indent=1).replace(b"\n", b"\n" + b" " * depth)


def deflated(file: Json) -> bytes:
    """Return a copy as it is kept."""
    packer = zlib.compressobj(6)
    pieces = [packer.compress(piece) for piece in written(file)]
    return b"".join((*pieces, packer.flush()))


def inflated(body: bytes) -> Json:
    """Return a kept copy, its entrants packed."""
    lines = _lines(body)
    first = next(lines)
    ends: list[bytes] = []

    def entrants() -> Iterator[bytes]:
        held = next(lines, None)
        for line in lines:
            if held is not None:
                yield held.removesuffix(b",")
            held = line
        ends.append(held or b"")

    packed = Entrants(entrants())
    if not ends[0]:
        return _of_one_line(first)
    file: Json = msgspec.json.decode(first + ends[0])
    file[ENTRANTS] = packed
    return file


def _of_one_line(line: bytes) -> Json:
    """Return a copy that was kept by an earlier release, or a file without entrants."""
    parts = msgspec.json.decode(line, type=dict[str, msgspec.Raw])
    file: Json = {name: None if name == ENTRANTS else msgspec.json.decode(part) for name, part in parts.items()}
    if ENTRANTS in parts:
        file[ENTRANTS] = Entrants(map(bytes, msgspec.json.decode(parts[ENTRANTS], type=list[msgspec.Raw])))
    return file


def _lines(body: bytes) -> Iterator[bytes]:
    """Yield the lines of a deflated file, without their line breaks, inflating no more than it takes."""
    inflater, rest = zlib.decompressobj(), body
    held: list[bytes] = []
    while not inflater.eof:
        block = inflater.decompress(rest, _BLOCK)
        rest = inflater.unconsumed_tail
        if not block and not rest:
            raise zlib.error("a copy that was kept ends before its end")
        *whole, last = block.split(b"\n")
        for line in whole:
            yield b"".join((*held, line))
            held.clear()
        held.append(last)
    yield b"".join(held)
