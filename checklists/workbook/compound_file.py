"""One stream out of a compound file, the container of an XLS: its sectors, followed through the allocation table."""

from __future__ import annotations

import struct

_FREE = 0xFFFFFFFA  # this and above end a chain


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
                return _chain(content, sector, table, start)[:length]
            small = _chain(content, sector, table, struct.unpack_from("<I", entries[0], 116)[0])
            below = _numbers(_chain(content, sector, table, struct.unpack_from("<I", content, 60)[0]))
            return b"".join(small[at * 64 : at * 64 + 64] for at in _followed(below, start))[:length]
    raise ValueError("no such stream")


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
