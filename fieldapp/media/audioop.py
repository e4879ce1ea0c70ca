"""The little of the departed standard module `audioop` that speech needs, in plain Python: one channel, 16 kHz."""

from __future__ import annotations

import sys
from array import array

_CODES = {2: "h", 4: "i"}


class Thinning:
    """Turns interleaved PCM into 16-bit mono at no more than `target_hz`, piece by piece; never raises the rate."""

    def __init__(self, *, channels: int, width: int, rate_hz: int, target_hz: int) -> None:
        if width not in {1, 2, 3, 4} or channels < 1 or rate_hz < 1:
            raise ValueError("not PCM we can read")
        self._channels, self._width, self._rate_hz = channels, width, rate_hz
        self.rate_out_hz = min(rate_hz, target_hz)
        self._position = 0  # of the next sample out, in 1/rate_out_hz of a sample in, from the piece's start
        self._last: int | None = None

    def thinned(self, frames: bytes) -> bytes:
        """Return the next piece: little-endian 16-bit samples. Pieces may have any whole number of frames."""
        mono = self._mono(self._samples(frames))
        if self.rate_out_hz == self._rate_hz:
            return _little_endian(mono)
        return _little_endian(self._resampled(mono))

    def _samples(self, frames: bytes) -> array[int]:
        if self._width == 1:
            return array("h", [(value - 128) << 8 for value in frames])
        if self._width == 3:
            return array(
                "h",
                [int.from_bytes(frames[i + 1 : i + 3], "little", signed=True) for i in range(0, len(frames) - 2, 3)],
            )
        samples = array(_CODES[self._width], frames[: len(frames) - len(frames) % self._width])
        if sys.byteorder == "big":
            samples.byteswap()
        return samples if self._width == 2 else array("h", [value >> 16 for value in samples])

    def _mono(self, samples: array[int]) -> array[int]:
        if self._channels == 1:
            return samples
        sides = [samples[side :: self._channels] for side in range(self._channels)]
        return array("h", [sum(values) // self._channels for values in zip(*sides, strict=False)])

    def _resampled(self, samples: array[int]) -> array[int]:
        # Linear between neighbours; the last sample of a piece is the first of the next.
        line = samples if self._last is None else array("h", [self._last]) + samples
        if not line:
            return line
        step, unit, at = self._rate_hz, self.rate_out_hz, self._position
        end = (len(line) - 1) * unit
        out = array("h")
        while at < end:
            index, part = divmod(at, unit)
            out.append((line[index] * (unit - part) + line[index + 1] * part) // unit)
            at += step
        self._position, self._last = at - end, line[-1]
        return out


def _little_endian(samples: array[int]) -> bytes:
    if sys.byteorder == "big":
        samples = samples[:]
        samples.byteswap()
    return samples.tobytes()
