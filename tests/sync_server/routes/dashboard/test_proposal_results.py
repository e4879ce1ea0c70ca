"""A company's released results in its proposal: filled into empty fields, and an attachment that keeps its pages."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from checklists.proposal.template import proposal_template
from sync_server.award.desk import SeasonDesk
from sync_server.people.permissions import Role
from sync_server.proposals.attachments import attachment_problem
from sync_server.reports.results import PARTS, Results, attachment, in_words, results_of
from sync_server.reports.words import Say
from sync_server.routes.dashboard.proposal_results import filled
from sync_server.season.forms import FormBook
from tests.sync_server.consortium.consortium_kit import ZONE
from tests.sync_server.desk import browser, send, signed_in
from tests.sync_server.proposals.proposal_kit import CODE
from tests.sync_server.signed_round import before_release, release

TEMPLATE = proposal_template()
PAGE = "/reports/attachment"
EVERY = {f"part-{part}": "yes" for part in PARTS}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder: Path = tmp_path_factory.mktemp("results")
    for running in before_release(folder):
        with signed_in(running, Role.ENTRANT) as client:
            early = send(client, "/proposal/fill", {"code": CODE}, page="/proposal")
            assert (early.status_code, "Nothing of yours is released yet" in early.text) == (409, True)
        release(running)
        yield running


def results(server: Any, language: Any = "en", entrant: str = "harbour-ferry") -> Results:
    with server.services.database.reading() as db:
        return results_of(SeasonDesk.of(db, FormBook()), entrant, language)


def test_released_results_go_into_empty_fields_and_nothing_typed_is_lost(server: Any) -> None:
    """PRP-6"""
    with signed_in(server, Role.ENTRANT) as client:
        page = client.get("/proposal").text
        first = send(client, "/proposal/fill", {"code": CODE, "goals": "目標"}, page="/proposal")
        again = send(client, "/proposal/fill", {"code": CODE, "results": "My own words"}, page="/proposal")
    assert "Fill from my released results" in page
    assert first.status_code == 200
    assert re.search(r'name="methods-mystery"[^>]* checked', first.text)
    assert "Mystery caller assessment, Phone-in, of 100: round 1: " in first.text
    assert "目標" in first.text
    assert "Left as they were: (2) Results of the evaluation" in again.text
    assert "My own words" in again.text
    assert in_words(results(server)) not in again.text


def test_nobody_else_has_them(server: Any) -> None:
    """PRP-6, OWR-1"""
    with browser(server) as visitor:
        assert "Fill from my released results" not in visitor.get("/proposal").text
        assert send(visitor, "/proposal/fill", {"code": CODE}, page="/proposal").status_code == 401
    with signed_in(server, Role.ENTRANT_READER) as reader:
        assert send(reader, "/proposal/fill", {"code": CODE}).status_code == 403
    other = results(server, entrant="somebody-else")
    assert (list(other.keys), in_words(other), list(other.awards)) == ([], "", [])


@pytest.mark.parametrize(
    ("awards", "kept"),
    [
        pytest.param([(2026, "Gold")], "2026 Gold", id="OWR-3 the edition's own year"),
        pytest.param([(2024, "Gold")], "2024 Gold", id="OWR-3 two years before"),
        pytest.param([(2023, "Gold"), (2027, "Gold")], None, id="OWR-3 earlier or later"),
    ],
)
def test_awards_are_those_of_the_years_the_template_takes(awards: list[tuple[int, str]], kept: str | None) -> None:
    say = Say("en", ZONE)
    body, left = filled({}, Results("x", {}, awards, say))
    assert (body.get("awards"), left) == (kept, [])


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_the_attachment_is_of_a4_pages_with_the_parts_in_order(server: Any, language: str) -> None:
    """OWR-2"""
    with signed_in(server, Role.ENTRANT, language=language) as client:
        made = send(client, PAGE, {**EVERY, "improvement": "We answered sooner."}, page=PAGE)
    assert made.headers["Content-Type"] == "application/pdf"
    assert attachment_problem(TEMPLATE, "a.pdf", made.content) is None
    document = attachment(results(server, language), ["method", "summary"], {})
    headings = [block.text for block in document.blocks if hasattr(block, "text") and type(block).__name__ == "Heading"]
    assert headings == [PARTS[part].in_language(language) for part in ("summary", "method")]  # type: ignore[arg-type]
    assert document.least_pt == 9


def test_prp_7_the_eleventh_page_is_refused_and_what_was_typed_stays(server: Any) -> None:
    words = "\n\n".join(f"Paragraph {number}. " + "We answered sooner than before. " * 30 for number in range(60))
    with signed_in(server, Role.ENTRANT) as client:
        long = send(client, PAGE, {"part-improvement": "yes", "improvement": words}, page=PAGE)
        short = send(client, PAGE, {"part-improvement": "yes", "improvement": words[: len(words) // 6]}, page=PAGE)
        none = send(client, PAGE, {"improvement": "x"}, page=PAGE)
    assert long.status_code == 422
    assert re.search(r"Nothing was made: 1[1-9] pages; an attachment holds at most 10", long.text)
    assert "Paragraph 59." in long.text
    assert 1 < len(PdfReader(io.BytesIO(short.content)).pages) <= 10
    assert (none.status_code, "Choose at least one part" in none.text) == (409, True)
