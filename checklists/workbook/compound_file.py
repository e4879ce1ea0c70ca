"""One stream out of a compound file, the container of an XLS, and into one: sectors that a table strings together."""

from __future__ import annotations

import struct

_FREE = 0xFFFFFFFA  # this and above end a chain
_UNUSED, _END, _IS_TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR = 4096
_TABLES = 109  # sectors of the table that the header itself lists


def stream_of(content: bytes, *names: str) -> bytes:
    """Return the first stream there is of `names`.

    Raises:
        ValueError: not a compound file, broken, or without such a stream.
    """
    try:
        return _stream(content, names)
    except (struct.error, IndexError) as error:
        raise ValueError("the compound file ends too early") from error


def _stream(content: bytes, names: tuple[str, ...]) -> bytes:
    sector = 1 << struct.unpack_from("<H", content, 30)[0]
    if sector not in (512, 4096):
        raise ValueError("sectors of an unknown size")
    table = _allocation(content, sector)
    directory = _chain(content, sector, table, struct.unpack_from("<I", content, 48)[0])
    small_below = struct.unpack_from("<I", content, 56)[0]
    entries = [directory[at : at + 128] for at in range(0, len(directory), 128)]
    for name in names:
        for entry in entries:
            size = struct.unpack_from("<H", entry, 64)[0]
            if entry[: max(size - 2, 0)].decode("utf-16-le", "replace") != name:
                continue
            start, length = struct.unpack_from("<II", entry, 116)
            if length >= small_below:
                return _whole(_chain(content, sector, table, start), length)
            small = _chain(content, sector, table, struct.unpack_from("<I", entries[0], 116)[0])
            below = _numbers(_chain(content, sector, table, struct.unpack_from("<I", content, 60)[0]))
            return _whole(b"".join(small[at * 64 : at * 64 + 64] for at in _followed(below, start)), length)
    raise ValueError("no such stream")


def _whole(found: bytes, length: int) -> bytes:
    if len(found) < length:
        raise ValueError("the stream was cut off")
    return found[:length]


def _allocation(content: bytes, sector: int) -> tuple[int, ...]:
    listed = [at for at in struct.unpack_from("<109I", content, 76) if at < _FREE]
    further, left = struct.unpack_from("<II", content, 68)
    while further < _FREE and left:
        more = _numbers(_sector(content, sector, further))
        listed += [at for at in more[:-1] if at < _FREE]
        further, left = more[-1], left - 1
    return _numbers(b"".join(_sector(content, sector, at) for at in listed))


def _sector(content: bytes, sector: int, number: int) -> bytes:
    return content[(number + 1) * sector : (number + 2) * sector]


def _chain(content: bytes, sector: int, table: tuple[int, ...], start: int) -> bytes:
    return b"".join(_sector(content, sector, at) for at in _followed(table, start))


def _followed(table: tuple[int, ...], start: int) -> list[int]:
    chain: list[int] = []
    while start < _FREE:
        if len(chain) > len(table):
            raise ValueError("sectors that follow each other in a circle")
        chain.append(start)
        start = table[start]
    return chain


def _numbers(raw: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4])


def file_of(name: str, stream: bytes) -> bytes:
    """Return a compound file of one stream, which is filled up with zeros to whole sectors.

    Raises:
        ValueError: over 450 MB.
    """
    count = -(-max(len(stream), 1) // _SECTOR)
    tables = 1
    while tables * _SECTOR // 4 < tables + 1 + count:
        tables += 1
    if tables > _TABLES:
        raise ValueError("too long for a compound file of one list")
    first = tables + 1  # the directory stands between
    numbers = [*[_IS_TABLE] * tables, _END, *range(first + 1, first + count), _END]
    listed = [*range(tables), *[_UNUSED] * (_TABLES - tables)]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H6x", 0x3E, 4, 0xFFFE, 12, 6)
    header += struct.pack("<9I", 1, tables, tables, 0, 4096, _END, 0, _END, 0) + struct.pack(f"<{_TABLES}I", *listed)
    table = struct.pack(f"<{len(numbers)}I", *numbers).ljust(tables * _SECTOR, b"\xff")
    directory = _entry("Root Entry", 5, first, 0, child=1) + _entry(name, 2, first, count * _SECTOR)
    whole = [header.ljust(_SECTOR, b"\0"), table, directory.ljust(_SECTOR, b"\0"), stream.ljust(count * _SECTOR, b"\0")]
    return b"".join(whole)


def _entry(name: str, kind: int, start: int, size: int, *, child: int = _UNUSED) -> bytes:
    words = name.encode("utf-16-le")
    named = words.ljust(64, b"\0") + struct.pack("<H", len(words) + 2)
    return named + struct.pack("<BBIII", kind, 1, _UNUSED, _UNUSED, child) + bytes(36) + struct.pack("<IQ", start, size)
