"""Headings and types of an XLSForm in the dialects of the tools that write them."""

from __future__ import annotations

import pytest

from checklists.forms.xlsform.tables import column_of, language_of
from checklists.forms.xlsform.types import Meaning, nearest, type_of


@pytest.mark.parametrize(
    ("heading", "name", "language"),
    [
        ("label::English (en)", "label", "en"),
        ("label:English", "label", "en"),
        ("LABEL", "label", ""),
        ("label::繁體中文", "label", "zh-Hant"),
        ("label : zh-HK", "label", "zh-Hant"),
        ("hint::Français (fr)", "hint", "Français (fr)"),
        ("media::image::English", "image", "en"),
        ("Relevance", "relevant", ""),
        ("bind:relevant", "relevant", ""),
        ("constraint message", "constraint_message", ""),
        ("LIST NAME", "list_name", ""),
        ("caption", "label", ""),
        ("fieldtool::points", "fieldtool::points", ""),
        ("fieldtool_share", "fieldtool::share", ""),
        ("fieldtool::bands::chat", "fieldtool::bands", "chat"),
        ("fieldtool::not_applicable::Chinese (zh)", "fieldtool::not_applicable", "zh-Hant"),
    ],
)
def test_a_heading_is_read_in_every_dialect(heading, name, language):
    """XLS-1, XLS-2."""
    assert column_of(heading)[:2] == (name, language)


def test_a_column_value_is_a_name_among_choices_only():
    assert column_of("value", "choices").name == "name"
    assert column_of("value").name == "value"
    assert language_of("English") == "en"


@pytest.mark.parametrize(
    ("words", "meaning", "list_name"),
    [
        ("select_one yn", Meaning.SELECT, "yn"),
        ("Select One from YN", Meaning.SELECT, "YN"),
        ("select1 yn or specify other", Meaning.SELECT, "yn"),
        ("select_one yn or_other", Meaning.SELECT, "yn"),
        ("add select one prompt using yn", Meaning.SELECT, "yn"),
        ("select all that apply from yn", Meaning.MULTIPLE, "yn"),
        ("select_one_from_file a.csv", Meaning.ELSEWHERE, "a.csv"),
        ("select_one ${names}", Meaning.ELSEWHERE, "${names}"),
        ("rank yn", Meaning.RANKED, "yn"),
        ("begin group", Meaning.BEGIN_GROUP, ""),
        ("BEGIN_GROUP People", Meaning.BEGIN_GROUP, ""),
        ("begin lgroup", Meaning.BEGIN_GROUP, ""),
        ("end repeat", Meaning.END_REPEAT, ""),
        ("photo", Meaning.MEDIA, ""),
        ("imei", Meaning.META, ""),
        ("calculate_here", Meaning.CALCULATED, ""),
        ("text audit p=100", Meaning.META, ""),
        ("hidden string", Meaning.META, ""),
        ("osm tags", Meaning.PLACE, ""),
        ("dateTime", Meaning.MOMENT, ""),
    ],
)
def test_a_type_is_read_in_every_dialect(words, meaning, list_name):
    """XLS-3."""
    read = type_of(words)
    assert read is not None
    assert (read.meaning, read.list_name) == (meaning, list_name)


def test_what_is_no_type_is_told_with_the_nearest():
    assert type_of("itneger") is None
    assert nearest("itneger") == "integer"
