"""What is wrong in a season file: every problem with its place, up to a bound, and how many more there were."""

from __future__ import annotations

from checklists.problems import Problems, ProblemsError

MOST_LISTED = 100
GIVE_UP = 5000  # a file with so many problems is nonsense: reading stops


class SeasonError(ProblemsError):
    """The file cannot be scored."""


def season_problems() -> Problems:
    """Return a collector for the problems of one file."""
    return Problems(SeasonError, most=MOST_LISTED, give_up=GIVE_UP)
