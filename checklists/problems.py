"""What is wrong with an input: where, and what to do. Everything that is wrong is reported at once.

PRB-1  A problem names its place, a permanent code, and a sentence with the remedy.
PRB-2  A collector lists problems in the order found, up to a bound, and counts those beyond it.
PRB-3  An input with more problems than anybody could mend is given up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NoReturn, TypeVar

import msgspec

from checklists.language import Sentence, Template, sentence

Value = TypeVar("Value")

# A name for the whole ("phone_in.toml"), or a key or an index and the place around it; None is the whole input. It is
# put into words only when a problem is reported, so that a good input pays nothing.
Place = str | tuple["Place | None", str | int]


def place_text(place: Place | None) -> str:
    """Return "entrants[2].entries[0].rounds[1]"; "the file" for the whole."""
    steps: list[str | int] = []
    while isinstance(place, tuple):
        place, step = place
        steps.append(step)
    text = place or ""
    for step in reversed(steps):
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            name = step if step.isprintable() and len(step) <= 60 else ascii(step)[:60]
            text += f".{name}" if text else name
    return text or "the file"


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Something wrong in a file or a message: where, what, and what to do."""

    place: str  # "phone_in.toml: PA2", "entrants[2].entries[0]", "answers.PA1"
    code: str
    message: Sentence

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class ProblemsError(ValueError):
    """An input cannot be used: `problems` say why, in order; `more` were found beyond them."""

    def __init__(self, problems: Iterable[Problem], more: int = 0) -> None:
        self.problems = tuple(problems)
        self.more = more
        super().__init__("; ".join(map(str, self.problems)))


class Misfit(ValueError):  # noqa: N818 - a verdict on one value, which its reader turns into a problem
    """A value may not stand where it stands. Its sentence may also use the `{key}` and the `{value}` it is about."""

    def __init__(self, code: str, template: Template, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.template = template
        self.values = values


class Problems:
    """The problems found so far: at most `most` are `listed`, all are counted; `error` is raised for them.

    At `give_up` problems the input is nonsense, and adding another one raises at once.
    """

    def __init__(
        self, error: type[ProblemsError] = ProblemsError, *, most: int | None = None, give_up: int | None = None
    ) -> None:
        self.listed: list[Problem] = []
        self.count = 0
        self._error = error
        self._most = most
        self._give_up = give_up

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.listed)

    def add(self, place: Place | None, code: str, template: Template, **values: object) -> None:
        """Report one problem; `template` is marked with N_ and says what is wrong and what to do."""
        if self._most is None or self.count < self._most:
            self.listed.append(Problem(place=place_text(place), code=code, message=sentence(template, **values)))
        self._counted()

    def add_misfit(self, place: Place | None, misfit: Misfit, value: object = None, **values: object) -> None:
        """Report that `value` does not fit at `place`."""
        filled: Mapping[str, object] = {"value": short(value), **values, **misfit.values}
        self.add(place, misfit.code, misfit.template, **filled)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Report what somebody else found."""
        for problem in problems:
            if self._most is None or self.count < self._most:
                self.listed.append(problem)
            self._counted()

    def fit(
        self, place: Place | None, read: Callable[[object], Value], value: object, **values: object
    ) -> Value | None:
        """Return what `read` makes of `value`; None where it does not fit, which is reported."""
        try:
            return read(value)
        except Misfit as misfit:
            self.add_misfit(place, misfit, value, **values)
            return None

    def raise_any(self) -> None:
        """Raise the error if there is any problem."""
        if self.count:
            self.refuse()

    def refuse(self) -> NoReturn:
        """Raise the error: reading cannot go on."""
        raise self._error(self.listed, self.count - len(self.listed))

    def _counted(self) -> None:
        self.count += 1
        if self.count == self._give_up:
            self.refuse()


def short(value: object) -> str:
    """Return `value` as a problem quotes it: as JSON would, one line, at most 60 characters."""
    words = {None: "null", True: "true", False: "false"}
    if value is None or isinstance(value, bool):
        return words[value]
    if isinstance(value, int) and value.bit_length() > 200:
        return "a number of very many digits"
    text = repr(value[:80]) if isinstance(value, str) else _kind(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _kind(value: object) -> str:
    if isinstance(value, Mapping):
        return "{...}"
    if isinstance(value, (list, tuple)):
        # One level only: what is quoted may be nested as deep as its author liked.
        parts = ["[...]" if isinstance(item, (list, tuple)) else short(item) for item in value[:8]]
        return "[" + ", ".join(parts) + (", ...]" if len(value) > 8 else "]")
    return str(value)
