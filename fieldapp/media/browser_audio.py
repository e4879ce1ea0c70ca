"""Sound in the browser: compressed recordings stay as they are; WAV is thinned by a small audioop of our own."""

from __future__ import annotations

from fieldapp.media.sound_kinds import as_it_came
from fieldapp.ports import Sound


class BrowserAudio:
    """The AudioPreparer port without pydub: the same answers, a little slower."""

    async def prepare(self, raw: bytes, content_type: str) -> Sound:
        """Return WAV as 16 kHz mono, anything compressed as it is; see the port. Raises NotSound."""
        kept = as_it_came(raw, content_type)
        if kept is not None:
            return kept
        from fieldapp.media.wav_thinning import thinned  # noqa: PLC0415 - few sounds are WAV, the start is every day's

        return await thinned(raw)
