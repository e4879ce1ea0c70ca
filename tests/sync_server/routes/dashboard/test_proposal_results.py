"""A company's released results in its proposal: filled into empty fields, and an attachment that keeps its pages."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from checklists.proposal.template import proposal_template
from sync_server.award.desk import SeasonDesk
from sync_server.people.permissions import Role
from sync_server.print.document import Rows
from sync_server.proposals.attachments import attachment_problem
from sync_server.reports.photo_part import Given, PhotoError, photo_blocks
from sync_server.reports.pulse_part import pulse_blocks
from sync_server.reports.results import PARTS, Results, attachment, in_words, results_of
from sync_server.reports.words import Say
from sync_server.routes.dashboard.proposal_results import filled
from sync_server.season.forms import FormBook
from tests.sync_server.consortium.consortium_kit import ZONE
from tests.sync_server.desk import browser, form_token, send, signed_in
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


INDEX = {
    "index": 2026,
    "industries": [
        {"code": "buses", "name": {"en": "Buses", "zh-Hant": "巴士"}, "n": 240, "satisfaction": "61.20",
         "satisfaction_half": 1.5, "loyalty": "58.00", "loyalty_half": 2.25, "nps": "-7.28", "nps_half": 4.0},
        {"code": "railways", "name": {"en": "Railways", "zh-Hant": "鐵路"}, "n": 99, "satisfaction": None,
         "satisfaction_half": None, "loyalty": None, "loyalty_half": None, "nps": None, "nps_half": None},
        {"code": "banks", "name": {"en": "Banks", "zh-Hant": "銀行"}, "n": 500, "satisfaction": "70.00",
         "satisfaction_half": 1.0, "loyalty": "70.00", "loyalty_half": 1.0, "nps": "1.00", "nps_half": 1.0},
    ],
    "companies": {"buses": [
        {"code": "rival", "name": {"en": "Rival", "zh-Hant": "對手"}, "n": 90, "satisfaction": "66.00",
         "satisfaction_half": 1.0, "loyalty": "60.00", "loyalty_half": 1.0, "nps": "0.00", "nps_half": 1.0},
    ]},
}  # fmt: skip


@pytest.mark.parametrize(
    ("index", "group", "entrant", "names"),
    [
        pytest.param(INDEX, "transport_logistics", "x", ["Buses"], id="OWR-4 industries of the group with figures"),
        pytest.param(INDEX, "transport_logistics", "rival", ["Buses", "Rival"], id="OWR-4 and the entrant itself"),
        pytest.param(INDEX, "commerce", "x", [], id="OWR-4 none of the group"),
        pytest.param(None, "transport_logistics", "x", [], id="OWR-4 no index is out"),
    ],
)
def test_the_index_of_the_entrants_industries_is_a_part(index: Any, group: str, entrant: str, names: list[str]) -> None:
    blocks = pulse_blocks(Say("en", ZONE), index, group, entrant)
    rows = [row for block in blocks if isinstance(block, Rows) for row in block.rows]
    assert [row[0] for row in rows] == names
    assert not names or rows[0] == ["Buses", "240", "61.20 ± 1.50", "58.00 ± 2.25", "−7.28 ± 4.00"]


@pytest.mark.parametrize(
    ("photos", "nobody", "words"),
    [
        pytest.param([("a.jpg", "A")], False, "nobody can be recognised", id="OWR-5 nobody said so"),
        pytest.param([("a.jpg", " ")], True, "“a.jpg”: write what it shows", id="OWR-5 without words"),
        pytest.param([("a.txt", "A")], True, "“a.txt” is no photo", id="OWR-5 not a photo"),
        pytest.param([("a.jpg", "A")] * 7, True, "7 photos: 6 fit", id="OWR-5 too many"),
    ],
)
def test_a_photo_that_does_not_go_into_an_attachment_is_named(
    photos: list[tuple[str, str]], nobody: bool, words: str
) -> None:
    sent = [Given(name, a_jpeg() if name.endswith("jpg") else b"words", said) for name, said in photos]
    with pytest.raises(PhotoError, match=re.escape(words)):
        photo_blocks(sent, has_nobody=nobody)


def a_jpeg() -> bytes:
    """A photo that says where it was taken."""
    picture, out, exif = Image.new("RGB", (80, 60), (10, 90, 80)), io.BytesIO(), Image.Exif()
    exif[0x010E] = "Nathan Road 1"
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_owr_5_a_photo_is_in_the_attachment_with_its_words_and_nothing_else_of_it(server: Any) -> None:
    given = {"photo-1": ("stand.jpg", a_jpeg(), "image/jpeg")}
    typed = {"part-photos": "yes", "photo-1-words": "The new counter", "has-nobody": "yes"}
    with signed_in(server, Role.ENTRANT) as client:
        csrf = {"csrf": form_token(client, PAGE)}
        made = client.post(PAGE, data=typed | csrf, files=given)
        refused = client.post(PAGE, data={**typed, **csrf, "photo-1-words": ""}, files=given)
    page = PdfReader(io.BytesIO(made.content)).pages[0]
    assert "The new counter" in page.extract_text()
    (picture,) = page.images
    assert (picture.image.size, dict(picture.image.getexif())) == ((80, 60), {})  # type: ignore[union-attr]
    assert (refused.status_code, "“stand.jpg”: write what it shows" in refused.text) == (422, True)


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
