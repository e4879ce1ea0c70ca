"""Attachments, drafts and deadlines of proposals, figures and the pack. Ids are those in sync_server/proposals."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import docx
import msgspec
import pytest
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import Connection

from checklists.proposal.marks import Panel
from sync_server.database.engine import Database
from sync_server.database.queries import hand_ins
from sync_server.database.queries import proposals as queries
from sync_server.hand_in.versions import ClosedError
from sync_server.panel.marking import (
    CannotMarkError,
    Mark,
    TieNotDeclaredError,
    check_may_open,
    declare,
    final_marks,
    keep_marks,
)
from sync_server.people.permissions import Role
from sync_server.print.characters import lacking
from sync_server.print.document import CannotPrintError, Emblem, Heading, Rows, Words
from sync_server.print.process import printed
from sync_server.print.typeset import pdf_of
from sync_server.print.word import word_file
from sync_server.proposals import attachments
from sync_server.proposals.attachments import attachment_problem, joined
from sync_server.proposals.figures import OutsideError, enter_outside, standing_of, standings, subject_of
from sync_server.proposals.handing import CannotReopenError, late_by, reopen, save_draft, take_version
from sync_server.proposals.pack import pack_document
from tests.builders import NOON
from tests.sync_server.desk import add_account
from tests.sync_server.proposals.proposal_kit import A4, BODY, CODE, IN_TIME, LETTER, TEMPLATE, a_pdf, handed_in

SECOND = timedelta(seconds=1)
PARTS = [part.key for part in TEMPLATE.marked]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(a_pdf(10), None, id="ATT-1 ten pages are in"),
        pytest.param(a_pdf(1, (A4[1], A4[0])), None, id="ATT-1 a page on its side"),
        pytest.param(a_pdf(11), "11 pages; an attachment holds at most 10.", id="ATT-1 eleven are refused"),
        pytest.param(a_pdf(1, LETTER), "page 1 is 216 × 279 mm, not A4", id="ATT-1 Letter"),
        pytest.param(a_pdf(1, unit=10), "page 1 is 2100 × 2970 mm, not A4", id="ATT-1 A4 in larger units"),
        pytest.param(a_pdf(1, cropped=(300, 300)), "page 1 is 106 × 106 mm, not A4", id="ATT-1 cropped"),
        pytest.param(a_pdf(1, password="x"), "is encrypted", id="ATT-1 encrypted"),
        pytest.param(b"\xff\xd8\xff picture", "is no PDF", id="ATT-1 a picture"),
        pytest.param(b"%PDF-1.7 and nothing more", "cannot be read as a PDF", id="ATT-1 broken"),
        pytest.param(a_pdf(3)[:300], "cannot be read as a PDF", id="ATT-1 cut off"),
    ],
)
def test_an_attachment_is_refused_by_its_name(content: bytes, words: str | None) -> None:
    problem = attachment_problem(TEMPLATE, "plan.pdf", content)
    assert (problem is None) == (words is None)
    assert words is None or (words in str(problem) and "plan.pdf" in str(problem))


@pytest.mark.parametrize(
    ("at", "late"),
    [
        pytest.param(TEMPLATE.deadline - SECOND, None, id="PRP-1 23:59:59 is in"),
        pytest.param(TEMPLATE.deadline, "closed", id="PRP-1 00:00:00 is late"),
        pytest.param(TEMPLATE.deadline + SECOND, "closed", id="PRP-1 one second late"),
    ],
)
def test_a_version_is_taken_before_the_deadline_to_the_second(
    database: Database, at: datetime, late: str | None
) -> None:
    with database.transaction() as db:
        if late is None:
            receipt = handed_in(db, at=at)
            assert (receipt.version, late_by(TEMPLATE, receipt.handed_at)) == (1, None)
            return
        to = save_draft(db, CODE, BODY, at)
        with pytest.raises(ClosedError, match="5 Jun 2026 23:59:59"):
            handed_in(db, at=at)
        draft = queries.draft_of(db, to.id)
        assert draft is not None
        assert (draft.body, hand_ins.versions_of(db, to.id)) == (BODY, [])


def test_prp_3_a_reopened_proposal_is_taken_and_says_by_how_much_it_is_late(database: Database) -> None:
    at = TEMPLATE.deadline + timedelta(hours=3, minutes=20)
    with database.transaction() as db:
        office = add_account(db, Role.COORDINATOR)
        to = save_draft(db, CODE, BODY, IN_TIME)
        with pytest.raises(CannotReopenError, match="reason"):
            reopen(db, to.id, at + SECOND, " ", by=office, now=at)
        with pytest.raises(CannotReopenError, match="passed"):
            reopen(db, to.id, at, "A power cut", by=office, now=at)
        reopen(db, to.id, at + SECOND, "A power cut", by=office, now=at)
        receipt = handed_in(db, at=at)
        with pytest.raises(ClosedError):
            handed_in(db, at=at + SECOND, goals="other")
    assert str(late_by(TEMPLATE, receipt.handed_at)) == "Late by 3 h 20 min 0 s"


def test_a_version_that_was_handed_in_never_changes(database: Database) -> None:
    with database.transaction() as db:
        first = handed_in(db)
        assert handed_in(db, at=IN_TIME + SECOND).is_repeated
        second = handed_in(db, at=IN_TIME + SECOND, goals="另一個目標")
        kept = hand_ins.versions_of(db, first.hand_in_id)
    assert [(row.version, row.body["goals"]) for row in kept] == [(2, "另一個目標"), (1, "字 goals")]
    assert (kept[1].digest, second.version) == (first.digest, 2)


def test_prp_2_a_draft_is_kept_whatever_is_wrong_with_it(database: Database) -> None:
    with database.transaction() as db:
        to = save_draft(db, CODE, {"goals": "字" * 101}, NOON)
        assert save_draft(db, CODE, {"goals": "字"}, NOON) == to
        draft = queries.draft_of(db, to.id)
        assert draft is not None
        assert draft.body == {"goals": "字"}
        with pytest.raises(ClosedError, match="far longer"):
            save_draft(db, CODE, {"goals": "字" * 60_001}, NOON)


def a_judge(db: Connection, name: str) -> str:
    from sync_server.people import accounts  # noqa: PLC0415 - one more account than there are roles

    account = accounts.add_account(
        db, username=name, name=name, role=Role.JUDGE, password_hash="x", entrant_id=None, now=NOON
    )
    return account.id


def marked(db: Connection, hand_in_id: str, judge: str, *points: object, is_final: bool = True) -> None:
    subject = subject_of(hand_in_id)
    declare(db, subject, judge, is_tied=False, now=NOON)
    marks = {part: Mark(Fraction(str(value))) for part, value in zip(PARTS, points, strict=True)}
    keep_marks(db, (subject, 1), judge, marks, is_final=is_final, now=NOON)


def test_pan_1_a_tie_comes_first_and_closes_the_proposal(database: Database) -> None:
    with database.transaction() as db:
        judge, subject = a_judge(db, "one"), "proposal/x"
        with pytest.raises(TieNotDeclaredError):
            check_may_open(db, subject, judge)
        declare(db, subject, judge, is_tied=True, now=NOON)
        for act in (
            lambda: check_may_open(db, subject, judge),
            lambda: keep_marks(db, (subject, 1), judge, {}, is_final=False, now=NOON),
            lambda: declare(db, subject, judge, is_tied=False, now=NOON),
        ):
            with pytest.raises(CannotMarkError, match="tied"):
                act()


def test_pan_3_marks_change_until_they_are_final(database: Database) -> None:
    with database.transaction() as db:
        judge, subject = a_judge(db, "one"), "proposal/x"
        declare(db, subject, judge, is_tied=False, now=NOON)
        for points, is_final in ((5, False), (7, True)):
            keep_marks(db, (subject, 1), judge, {"goals": Mark(Fraction(points))}, is_final=is_final, now=NOON)
        with pytest.raises(CannotMarkError, match="final"):
            keep_marks(db, (subject, 1), judge, {"goals": Mark(Fraction(9))}, is_final=False, now=NOON)
        assert final_marks(db, subject) == {judge: {"goals": 7}}


def test_the_panel_ranks_by_the_points_of_the_template(database: Database) -> None:
    with database.transaction() as db:
        one, two = a_judge(db, "one"), a_judge(db, "two")
        better = handed_in(db, "b" * 24).hand_in_id
        worse = handed_in(db, "w" * 24, company_zh="另一間").hand_in_id
        draft = save_draft(db, "d" * 24, {"company_zh": "草稿"}, NOON).id
        marked(db, better, one, 8, 15, "13.5", 7, 6)
        marked(db, better, two, 9, 16, 15, 8, 7)
        marked(db, worse, one, 5, 15, 13, 7, 6)
        marked(db, worse, two, 1, 1, 1, 1, 1, is_final=False)
        found = [(place, standing.row.id) for place, standing in standings(db, TEMPLATE)]
        row = hand_ins.hand_in_of(db, better)
        assert row is not None
        panel = standing_of(db, TEMPLATE, row).panel
    assert found == [(1, better), (2, worse), (None, draft)]
    assert panel == Panel(Fraction("52.25"), Fraction("5.5"), 2, 70)


def test_prp_4_points_from_outside_come_by_the_organisers_own_lines(database: Database) -> None:
    with database.transaction() as db:
        office, judge = add_account(db, Role.COORDINATOR), a_judge(db, "one")
        name = handed_in(db).hand_in_id
        marked(db, name, judge, 8, 15, "13.5", 7, 6)
        enter_outside(db, TEMPLATE, name, ("Presentation", "10"), by=office, now=NOON)
        enter_outside(db, TEMPLATE, name, ("Visits", "14"), by=office, now=NOON)
        for typed in (("", "1"), ("Visits", "x"), ("Visits", "20.5"), ("Visits", "-1")):
            with pytest.raises(OutsideError):
                enter_outside(db, TEMPLATE, name, typed, by=office, now=NOON)
        row = hand_ins.hand_in_of(db, name)
        assert row is not None
        panel = standing_of(db, TEMPLATE, row).panel
    assert panel is not None
    assert panel.whole == Fraction("73.5")


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_prp_5_the_pack_holds_every_heading_in_order_the_addresses_and_the_counts(language: str) -> None:
    document = pack_document(TEMPLATE, BODY, language, handed_at=IN_TIME, digest="d" * 64)  # type: ignore[arg-type]
    texts = [block.text for block in document.blocks if isinstance(block, (Heading, Words))]
    wanted = [part.title[language] for part in TEMPLATE.parts] + [field.title[language] for field in TEMPLATE.fields]
    assert [title for title in wanted if not any(title in text for text in texts)] == []
    at = [next(n for n, text in enumerate(texts) if field.title[language] in text) for field in TEMPLATE.fields]
    assert at == sorted(at)
    whole = "\n".join(texts)
    assert "column.chu@hkrma.org; janet.mak@hkrma.org" in whole
    assert "[2/100]" in whole
    assert sum(f"/{limited.limit}]" in whole for limited in TEMPLATE.limited()) == 16


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_prp_5_the_filled_template_is_a_word_file_of_the_same_words(language: Any) -> None:
    """WRD-1: the same bytes each time; what XML does not know is left out."""
    body = {**BODY, "goals": "先\n後 <b> & \x0b"}
    document = pack_document(TEMPLATE, body, language, handed_at=None, digest="", attachment="plan.pdf")
    made = word_file(document)
    assert made == word_file(document)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    word = docx.Document(io.BytesIO(made))
    lines = [line.text for line in word.paragraphs]
    texts = [block.text for block in document.blocks if isinstance(block, (Heading, Words))]
    assert [text.replace("\x0b", "") for text in texts] == lines[-len(texts) :]
    assert "plan.pdf" in lines
    assert any("column.chu@hkrma.org; janet.mak@hkrma.org" in line for line in lines)
    assert [line.style.name for line in word.paragraphs].count("Heading 2") == len(TEMPLATE.fields)
    foot = word.sections[0].footer.paragraphs[0]._p
    assert foot.xpath("w:fldSimple/@w:instr") == ["PAGE", "NUMPAGES"]
    assert (word.core_properties.title, word.core_properties.author) == (document.title, "")
    assert word.core_properties.language == {"en": "en-GB", "zh-Hant": "zh-HK"}[language]
    assert set(word.styles.element.xpath("//w:lang/@w:eastAsia")) == {"zh-HK"}


def test_wrd_1_a_table_of_a_word_file_has_a_style_and_a_head_that_goes_along() -> None:
    rows = Rows(caption="Marks", heads=["Company", "Points"], rows=[["甲", "70"], ["乙", "61.5"]])
    document = pack_document(TEMPLATE, BODY, "en", handed_at=None, digest="")
    (table,) = docx.Document(io.BytesIO(printed(msgspec.structs.replace(document, blocks=[rows]), "docx"))).tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [rows.heads, *rows.rows]
    assert (table.style.name, len(table._tbl.xpath("w:tr[1]/w:trPr/w:tblHeader"))) == ("Table Grid", 1)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_wrd_2_a_picture_stands_in_the_word_file_as_it_came_and_in_its_shape(kind: str) -> None:
    out = io.BytesIO()
    Image.new("RGB", (80, 20), "teal").save(out, kind)
    figures = {"content": [("chart", out.getvalue()), ("cut", out.getvalue()[:12])]}
    document = pack_document(TEMPLATE, BODY, "en", handed_at=None, digest="", figures=figures)
    with zipfile.ZipFile(io.BytesIO(word_file(document))) as archive:
        held = [archive.read(name) for name in archive.namelist() if name.startswith("word/media/")]
        whole = archive.read("word/document.xml").decode()
    assert held == [out.getvalue()]
    assert f'cx="{160 * 36_000}" cy="{40 * 36_000}"' in whole


def test_the_attachment_follows_its_pack() -> None:
    assert len(PdfReader(io.BytesIO(joined(a_pdf(3), a_pdf(2)))).pages) == 5


def test_an_attachment_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """ATT-2"""
    monkeypatch.setattr(attachments, "LONGEST_S", 0.01)
    assert "cannot be read as a PDF" in str(attachment_problem(TEMPLATE, "plan.pdf", a_pdf(1)))
    with pytest.raises(CannotPrintError, match="could not be counted"):  # an uncounted one is not one of few pages
        attachments.page_count(a_pdf(11))


def test_an_attachment_that_cannot_be_joined_is_no_error_of_the_server() -> None:
    with pytest.raises(CannotPrintError, match="take it by itself"):
        joined(a_pdf(3), a_pdf(2)[:200])


def test_take_version_keeps_files_of_the_version_before(database: Database) -> None:
    with database.transaction() as db:
        first = handed_in(db)
        files = hand_ins.versions_of(db, first.hand_in_id)[0].files
        take_version(db, TEMPLATE, CODE, {**BODY, "goals": "新"}, [], now=IN_TIME, carried=files)
        newest = hand_ins.versions_of(db, first.hand_in_id)[0]
        assert hand_ins.file_of(db, first.hand_in_id, newest.files[0]["sha256"]) is not None


def test_the_pack_of_a_whole_proposal_can_be_set() -> None:
    """Every character of the template and of its boxes is in the font of what is printed."""
    document = pack_document(TEMPLATE, BODY, "zh-Hant", handed_at=IN_TIME, digest="d" * 64)
    assert lacking("".join(block.text for block in document.blocks if isinstance(block, (Heading, Words)))) == ()


def test_prp_8_a_figure_stands_under_its_field_and_one_that_cannot_be_shown_is_named() -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "PNG")
    figures = {"content": [("chart.png", out.getvalue()), ("odd.heic", b"no picture")]}
    document = pack_document(TEMPLATE, BODY, "en", handed_at=IN_TIME, digest="d" * 64, figures=figures)
    at = next(n for n, block in enumerate(document.blocks) if isinstance(block, Emblem))
    assert [block.text for block in document.blocks[at + 1 : at + 3] if isinstance(block, Words)] == [
        "chart.png", "odd.heic",
    ]  # fmt: skip
    assert sum(len(page.images) for page in PdfReader(io.BytesIO(pdf_of(document))).pages) == 1
