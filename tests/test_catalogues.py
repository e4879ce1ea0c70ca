"""Every sentence a person can see has its Traditional Chinese, with the same places to fill in.

The sources are read with Babel's own extractors: Python for all three packages, Jinja for the dashboard. The test
compiles the catalogues first, so that it also proves they can be compiled and read.
"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from babel.messages.extract import extract_from_dir

from checklists.language import translator
from checklists.record.assessment import Contact, Outcome
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


def is_source(folder: str) -> bool:
    """A built app carries copies of other people's sources."""
    return not {"build", "node_modules"} & set(Path(folder).parts)


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


@pytest.mark.parametrize("package", PACKAGES)
def test_the_compiled_catalogue_is_what_the_package_reads(package: str, catalogues: ModuleType) -> None:
    sentences = [message for message in sentences_of(package) if isinstance(message, str)]
    translate = translator(package, "zh-Hant")
    assert all(translate(sentence) for sentence in sentences)


# What the assessor did or what befell them is told in the first person on the phone only.
FIRST_PERSON = (Outcome.MISDIAL, Outcome.CALLER_NETWORK_FAULT, Outcome.ABORTED_BY_ASSESSOR)


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_the_dashboard_calls_a_try_and_a_contact_what_the_phone_calls_them(
    catalogues: ModuleType, language: Any
) -> None:
    phone, desk = translator("fieldapp", language), translator("sync_server", language)
    tries = [outcome for outcome in Outcome if outcome not in FIRST_PERSON]
    for kind, names, codes in (("outcome", words.OUTCOMES, tries), ("contact", words.CONTACTS, list(Contact))):
        assert {c: desk(label(kind, c.value)) for c in codes} == {c: phone(names[c]) for c in codes}  # type: ignore[index]
