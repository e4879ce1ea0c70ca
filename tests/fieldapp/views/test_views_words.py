"""The names the screens give: every state has one, dates read as in Hong Kong, and every word exists in Chinese."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import fieldapp
from checklists.forms.evidence_kinds import KEEPERS
from checklists.forms.form import Channel
from checklists.language import translator
from checklists.record.assessment import Contact, Outcome, RecordStatus, SyncState
from checklists.record.assignment import RecordingPolicy
from fieldapp.line import LineState
from fieldapp.state import Due
from fieldapp.state.outcomes import Preview
from fieldapp.views import words
from fieldapp.views.sync import LINE_WORDS
from fieldapp.views.visit.attempts import outcome_choice
from fieldapp.views.visit.briefing import POLICIES, service_hours
from tests.builders import an_assignment
from tests.fieldapp.drawn import Drawn, reading

PACKAGE = Path(fieldapp.__file__).parent
VIEWS = sorted((PACKAGE / "views").rglob("*.py"))
MARKS = {"_", "fill", "N_"}


@pytest.mark.parametrize(
    ("names", "states"),
    [
        pytest.param(words.CHANNELS, Channel, id="channels"),
        pytest.param(words.CHANNEL_ICONS, Channel, id="channel icons"),
        pytest.param(words.DUES, Due, id="due groups"),
        pytest.param(words.SYNCS, SyncState, id="sync states"),
        pytest.param(words.CONTACTS, Contact, id="contacts"),
        pytest.param(words.STATUSES, RecordStatus, id="record states"),
        pytest.param(words.OUTCOMES, Outcome, id="outcomes"),
        pytest.param(words.EVIDENCE, KEEPERS, id="evidence kinds"),
        pytest.param(POLICIES, RecordingPolicy, id="recording policies"),
        pytest.param(LINE_WORDS, LineState, id="states of the line"),
    ],
)
def test_every_state_has_a_name(names: Mapping[str, object], states: Collection[StrEnum]) -> None:
    assert set(names) == set(states)


def test_every_outcome_is_offered_once_what_happens_most_nearest_to_the_thumb() -> None:
    previews = tuple(Preview(outcome=outcome, verdict=None) for outcome in Outcome)
    drawn = Drawn(outcome_choice, previews, print, print)
    with reading("en"):
        assert drawn.names == ["Cancel", *(words.OUTCOMES[outcome] for outcome in reversed(Outcome))]


@pytest.mark.parametrize(
    ("hour_utc", "zone", "shown"),
    [
        pytest.param(16, "Asia/Hong_Kong", "Mon 1/3 24:00", id="midnight there is the 24:00 of the day before"),
        pytest.param(4, "Asia/Hong_Kong", "Mon 1/3 12:00", id="noon"),
        pytest.param(4, "Asia/Tokyo", "Mon 1/3 13:00", id="ZON-1 another programme's zone"),
    ],
)
def test_an_exclusive_end_reads_as_people_say_it(hour_utc: int, zone: str, shown: str) -> None:
    assert words.until(datetime(2021, 3, 1, hour_utc, tzinfo=UTC), ZoneInfo(zone)) == shown


def test_without_the_rules_a_time_is_the_device_s_own_and_says_so() -> None:
    """ZON-2."""
    at = datetime(2021, 3, 1, 4, 30, tzinfo=UTC)
    with reading("en"):
        for text in (words.clock(at, None), words.moment(at, None), words.until(at, None)):
            assert text.endswith(f"{at.astimezone():%H:%M} (this device's time)")


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        pytest.param(8, "8 s", id="seconds"),
        pytest.param(125, "2 min 05 s", id="minutes"),
        pytest.param(3900, "1 h 05 min", id="hours"),
    ],
)
def test_a_length_of_time_reads_short(seconds: int, shown: str) -> None:
    assert words.length(seconds) == shown


def test_service_hours_read_in_either_language() -> None:
    service = an_assignment().service
    assert service_hours(service) == service_hours(service)
    with reading("zh-Hant"):
        assert words.moment(datetime(2021, 3, 1, 4, tzinfo=UTC), ZoneInfo("Asia/Hong_Kong")) == "3月1日週一 12:00"


def sentences() -> Iterator[tuple[str, str]]:
    for file in [*VIEWS, PACKAGE / "language.py", PACKAGE / "app.py"]:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS):
                continue
            if node.args and isinstance(node.args[0], ast.Constant):
                yield file.name, str(node.args[0].value)


def test_every_sentence_of_the_screens_is_translated() -> None:
    chinese = translator("fieldapp", "zh-Hant")
    same = {"繁體中文"}
    assert [(file, said) for file, said in sentences() if chinese(said) == said and said not in same] == []


def test_a_translation_names_the_same_places_to_fill() -> None:
    chinese = translator("fieldapp", "zh-Hant")
    places = re.compile(r"{\w+}")
    wrong = [said for _, said in sentences() if set(places.findall(said)) != set(places.findall(chinese(said)))]
    assert wrong == []


@pytest.mark.parametrize("file", VIEWS, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_facts_are_joined_as_their_language_does(file: Path) -> None:
    """Never with a comma of English; only the name of a question's control ends in ", " and the question's key."""
    joined = re.findall(r'f"[^"]*\}, \{[^"]*"|", "\.join', file.read_text("utf-8"))
    assert joined == (['f"{words}, {key}"'] if file.name == "question_item.py" else [])


@pytest.mark.parametrize("file", VIEWS, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_a_view_names_no_colour_and_no_page_update(file: Path) -> None:
    source = file.read_text("utf-8")
    assert not re.search(r"ft\.Colors|#[0-9a-fA-F]{6}|\.update\(\)|print\(", source)


@pytest.mark.parametrize("file", VIEWS, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_a_component_fits_on_a_screen(file: Path) -> None:
    functions = [n for n in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(n, ast.FunctionDef)]
    assert [f.name for f in functions if (f.end_lineno or 0) - f.lineno > 60] == []
