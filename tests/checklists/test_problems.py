"""PRB, FLD: everything that is wrong with an input is collected, each with its place. Ids are those of the modules."""

from __future__ import annotations

from typing import Any

import pytest

from checklists.fields import Fields
from checklists.language import N_
from checklists.problems import Misfit, Problems, ProblemsError, place_text


def seats(raw: object) -> int:
    if type(raw) is int:
        return raw
    raise Misfit("not-whole", N_('"{key}" is {value}; write it as {example}.'), example="12")


MISSING = Misfit("missing", N_('"{key}" is missing; add it.'))


def fields_of(raw: dict[str, Any], problems: Problems) -> Fields:
    return Fields(raw, ("entrants.csv", 3), problems)


def test_a_value_that_does_not_fit_is_reported_with_place_code_and_remedy_and_reading_goes_on() -> None:
    """PRB-1, FLD-1, FLD-2."""
    problems = Problems()
    fields = fields_of({"seats": "ten", "branches": 4}, problems)
    assert (fields.take("seats", seats), fields.take("branches", seats)) == (None, 4)
    assert [(problem.code, str(problem)) for problem in problems] == [
        ("not-whole", "entrants.csv[3].seats: \"seats\" is 'ten'; write it as 12.")
    ]


def test_an_absent_field_is_a_problem_only_where_it_is_needed() -> None:
    """FLD-2."""
    problems = Problems()
    fields = fields_of({}, problems)
    assert (fields.take("seats", seats, MISSING), fields.take("branches", seats)) == (None, None)
    assert [str(problem) for problem in problems] == ['entrants.csv[3].seats: "seats" is missing; add it.']


def test_a_field_that_nobody_read_is_known_as_unread() -> None:
    """FLD-3."""
    fields = fields_of({"seats": 3, "sets": 3}, Problems())
    fields.take("seats", seats)
    assert fields.unread() == ["sets"]


def test_a_collector_lists_up_to_its_bound_and_counts_the_rest() -> None:
    """PRB-2."""
    problems = Problems(most=2)
    for number in range(5):
        problems.add(("file", number), "wrong", N_("is wrong; correct it"))
    with pytest.raises(ProblemsError) as raised:
        problems.raise_any()
    assert [problem.place for problem in raised.value.problems] == ["file[0]", "file[1]"]
    assert raised.value.more == 3


def test_a_collector_without_a_problem_raises_nothing_and_one_with_very_many_gives_up() -> None:
    """PRB-3."""
    problems = Problems(give_up=3)
    problems.raise_any()
    problems.add(None, "wrong", N_("is wrong; correct it"))
    problems.add(None, "wrong", N_("is wrong; correct it"))
    with pytest.raises(ProblemsError):
        problems.add(None, "wrong", N_("is wrong; correct it"))


@pytest.mark.parametrize(
    ("place", "text"),
    [
        pytest.param(None, "the file", id="the whole"),
        pytest.param("phone_in.toml: PA2", "phone_in.toml: PA2", id="a name"),
        pytest.param((((None, "entrants"), 2), "id"), "entrants[2].id", id="steps"),
        pytest.param((None, "\n"), "'\\n'", id="a key that cannot be printed"),
    ],
)
def test_a_place_reads_as_a_path(place: Any, text: str) -> None:
    assert place_text(place) == text
