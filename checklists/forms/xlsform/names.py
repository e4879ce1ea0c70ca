"""Names of an XLSForm as ids here: as they are where they fit, else made to fit, each of them once."""

from __future__ import annotations

import re
import unicodedata

LONGEST_ID, LONGEST_CODE = 30, 60
_UNFIT = re.compile(r"[^A-Za-z0-9_]+")


class Ids:
    """Gives each name an id of its own among those given before. `is_code`: in small letters, as codes and keys are."""

    def __init__(self, prefix: str, *, is_code: bool = False) -> None:
        self._prefix = prefix
        self._is_code = is_code
        self._longest = LONGEST_CODE if is_code else LONGEST_ID
        self._given: set[str] = set()

    def give(self, name: str) -> str:
        """Return the id of `name`."""
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
        plain = _UNFIT.sub("_", plain).strip("_") if _UNFIT.search(plain) else plain
        plain = plain.lower() if self._is_code else plain
        if not plain[:1].isalpha() or plain == "na":
            plain = f"{self._prefix}{plain}"
        plain = plain[: self._longest]
        given, number = plain, 2
        while given in self._given:
            end = f"_{number}"
            given, number = plain[: self._longest - len(end)] + end, number + 1
        self._given.add(given)
        return given
