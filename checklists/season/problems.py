"""Collecting what is wrong in a file: every problem with its place, up to a bound, and how many more there were.

A place is kept as a chain of steps and put into words only when a problem is told, so that a good file pays nothing.
"""

from __future__ import annotations

from checklists.language import sentence
from checklists.problems import Problem
from checklists.rules.ruleset import RulesetError

MOST_TOLD = 100
GIVE_UP = 5000  # a file with so many problems is nonsense: reading stops

# (the place around it, a key or an index); None is the file itself.
Place = tuple["Place | None", str | int]


def place_text(place: Place | None) -> str:
    """Return "entrants[2].entries[0].rounds[1]"; "the file" for the whole."""
    steps: list[str | int] = []
    while place is not None:
        place, step = place
        steps.append(step)
    text = ""
    for step in reversed(steps):
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            name = step if step.isprintable() and len(step) <= 60 else ascii(step)[:60]
            text += f".{name}" if text else name
    return text or "the file"


class Problems:
    """What was found so far. `count` goes on counting past the bound; at GIVE_UP, adding raises SeasonError."""

    def __init__(self) -> None:
        self.told: list[Problem] = []
        self.count = 0

    def add(self, place: Place | None, code: str, template: str, **values: object) -> None:
        """Tell one problem: `template` is a sentence marked with N_ that says what is wrong and what to do."""
        if len(self.told) < MOST_TOLD:
            self.take(Problem(place=place_text(place), code=code, message=sentence(template, **values)))
        else:
            self._count()

    def take(self, problem: Problem) -> None:
        """Tell a problem that another page found."""
        if len(self.told) < MOST_TOLD:
            self.told.append(problem)
        self._count()

    def take_all(self, error: RulesetError) -> None:
        """Tell every problem of a ruleset."""
        for problem in error.problems:
            self.take(problem)

    def _count(self) -> None:
        self.count += 1
        if self.count >= GIVE_UP:
            raise SeasonError(self)


class SeasonError(ValueError):
    """The file cannot be scored. `problems` are told in order; `more` were found beyond them."""

    def __init__(self, problems: Problems) -> None:
        super().__init__(f"{problems.count} problems")
        self.problems = tuple(problems.told)
        self.more = problems.count - len(problems.told)
