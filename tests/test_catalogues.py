"""Every sentence a person can see has its Traditional Chinese, with the same places to fill in.

The sources are read with Babel's own extractors: Python for all three packages, Jinja for the dashboard. The test
compiles the catalogues first, so that it also proves they can be compiled and read.
"""

from __future__ import annotations

import importlib.util
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from gettext import GNUTranslations
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from babel.messages.extract import extract_from_dir

from checklists.award.grades import GRADE_WORDS, Grade
from checklists.award.result import Award
from checklists.award.words import AWARD_WORDS
from checklists.forms.file import shipped_forms
from checklists.forms.form import Channel
from checklists.language import LANGUAGES, Template, translator
from checklists.record.assessment import Contact, MediaKind, Outcome, RecordStatus
from fieldapp.views import words
from sync_server.pages.labels import label

ROOT = Path(__file__).parent.parent
PACKAGES = ("checklists", "fieldapp", "sync_server")
KEYWORDS: dict[str, Any] = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
OPTIONS = {"**/templates/**.html": {"trimmed": "true", "silent": "false", "newstyle_gettext": "true"}}
# {name}, {name:02d} and {} of str.format, %(name)s of newstyle gettext.
PLACE = re.compile(r"%\((\w+)\)[sd]|\{(\w*)(?:[!:][^{}]*)?\}")

Sources = dict[str | tuple[str, ...], str]


@pytest.fixture(scope="session")
def catalogues() -> ModuleType:
    spec = importlib.util.spec_from_file_location("catalogues", ROOT / ".build" / "catalogues.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.compile_all(ROOT)
    return module


def test_the_same_sentences_are_the_same_file_on_any_day(catalogues: ModuleType) -> None:
    """Another file is another build of the app, and every phone fetches it."""
    for file in catalogues.compile_all(ROOT):
        with file.open("rb") as stream:
            told = GNUTranslations(stream).info()
        dates = [value for name, value in told.items() if name.endswith("-date")]
        assert dates == ["1970-01-01 00:00+0000", "YEAR-MO-DA HO:MI+ZONE"], file


def is_source(folder: str) -> bool:
    """A built app carries copies of other people's sources."""
    return not {"build", "node_modules"} & set(Path(folder).parts)


@cache
def sentences_of(package: str) -> Sources:
    """Every message of the sources, and one place where it stands."""
    found: Sources = {}
    rows = extract_from_dir(ROOT / package, METHODS, OPTIONS, keywords=KEYWORDS, directory_filter=is_source)
    for file, line, message, _comments, _context in rows:
        if message:
            found[message] = f"{package}/{file}:{line}"
    return found


def places(sentence: str) -> list[str]:
    return sorted(named or braced for named, braced in PLACE.findall(sentence))


def test_sentences_are_found_in_the_sources_of_the_dashboard() -> None:
    assert len(sentences_of("sync_server")) > 50


@pytest.mark.parametrize("package", PACKAGES)
def test_every_sentence_is_translated_with_the_same_places(package: str, catalogues: ModuleType) -> None:
    translated = {
        message.id if isinstance(message.id, str) else tuple(message.id): message
        for message in catalogues.merged(ROOT / package / "locale" / "zh_Hant")
        if message.id
    }
    wrong: list[str] = []
    for message, place in sentences_of(package).items():
        held = translated.get(message)
        if held is None:
            wrong.append(f"{place}: no translation of {message!r}")
            continue
        source = message if isinstance(message, str) else message[-1]
        for string in [held.string] if isinstance(held.string, str) else held.string:
            if not string.strip():
                wrong.append(f"{place}: empty translation of {message!r}")
            elif places(string) != places(source):
                wrong.append(f"{place}: {message!r} has {places(source)}, its translation {places(string)}")
    assert not wrong, "\n".join(wrong)


def test_every_sentence_of_a_template_can_be_filled_in(catalogues: ModuleType) -> None:
    """A template fills in even a sentence without places: a bare per-cent sign in it would end the page."""
    translated = {message.id: message.string for message in catalogues.merged(ROOT / "sync_server/locale/zh_Hant")}
    for message, place in sentences_of("sync_server").items():
        if ".html:" in place:
            both = (message, translated[message])
            for sentence in (string for one in both for string in ((one,) if isinstance(one, str) else one)):
                assert sentence % defaultdict(int), place


@pytest.mark.parametrize("package", PACKAGES)
def test_the_compiled_catalogue_is_what_the_package_reads(package: str, catalogues: ModuleType) -> None:
    sentences = [message for message in sentences_of(package) if isinstance(message, str)]
    translate = translator(package, "zh-Hant")
    assert all(translate(sentence) for sentence in sentences)


# What the assessor did or what befell them is told in the first person on the phone only.
FIRST_PERSON = (Outcome.MISDIAL, Outcome.CALLER_NETWORK_FAULT, Outcome.ABORTED_BY_ASSESSOR)


@pytest.mark.parametrize(
    ("kind", "names", "codes"),
    [
        pytest.param("channel", words.CHANNELS, Channel, id="channels"),
        pytest.param("subchannel", words.SUBCHANNELS, words.SUBCHANNELS, id="sub-channels"),
        pytest.param("status", words.STATUSES, RecordStatus, id="states of a record"),
        pytest.param("contact", words.CONTACTS, Contact, id="states of a contact"),
        pytest.param("outcome", words.OUTCOMES, set(Outcome) - set(FIRST_PERSON), id="outcomes of a try"),
        pytest.param("media", words.MEDIA, MediaKind, id="kinds of file"),
        pytest.param("spoken", words.LANGUAGES, words.LANGUAGES, id="languages"),
        pytest.param("grade", GRADE_WORDS, Grade, id="grades"),
        pytest.param("award", AWARD_WORDS, Award, id="awards"),
    ],
)
def test_phone_and_dashboard_call_a_thing_by_one_name(
    kind: str, names: Mapping[str, Template], codes: Iterable[str]
) -> None:
    """LBL-1: it is the same label, of the package both share."""
    for code in codes:
        shown = label(kind, code)
        assert shown == names[code]
        assert isinstance(shown, Template)
        assert shown.package == names[code].package == "checklists"
        assert re.search("[一-鿿]", shown.in_language("zh-Hant"))


def test_sub_channels_are_called_what_the_form_calls_them() -> None:
    form = shipped_forms()["online@1"]
    for code, text in form.subchannels.items():
        name = words.SUBCHANNELS[code]
        assert {language: name.in_language(language) for language in LANGUAGES} == text
