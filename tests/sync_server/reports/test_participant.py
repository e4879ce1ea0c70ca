"""PRT, RPC, KPT, FIG, DOC, TYP, FNT: the participant report from a copy, as blocks and as pages."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, update

from checklists.language import LANGUAGES
from sync_server.award.desk import SeasonDesk
from sync_server.commands import report
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.print.characters import lacking
from sync_server.print.document import CannotPrintError, Document, Heading, Rows
from sync_server.print.process import printed
from sync_server.print.typeset import pdf_of
from sync_server.publication.readiness import Weight, readiness
from sync_server.reports.figures import Waits, spread_of
from sync_server.reports.kept import NoReportError, check_entry, copy_of
from sync_server.reports.participant import participant_report
from sync_server.reports.round_copy import RoundCopy
from sync_server.review.outcome import By, CannotDecideError
from sync_server.season.forms import FormBook
from sync_server.season.observed_time import confirm_clock
from sync_server.season.release import release_due
from sync_server.season.rule_changes import set_release_moments
from tests.builders import NOON
from tests.sync_server.closed_season import ENDED, a_round_that_ended, add_calls, closed, desk_of, signed
from tests.sync_server.databases import migrated
from tests.sync_server.season_kit import ANSWERS, ASSESSOR

PHONE = ("harbour-ferry", "phone_in")
NO_POPPLER = shutil.which("pdfinfo") is None and os.environ.get("CI") != "true"
needs_poppler = pytest.mark.skipif(NO_POPPLER, reason="needs poppler-utils: apt install poppler-utils")


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


def a_folder(path: Path, *, is_out: bool, calls: int = 6) -> str:
    (path / "data").mkdir()
    database = migrated(f"sqlite:///{path}/data/sync.sqlite3")
    with database.transaction() as db:
        people = a_round_that_ended(db, calls=calls)
        set_release_moments(db, {1: ENDED}, created_by="admin", now=NOON)
        signed(db, closed(db, people[0]), *people)
        confirm_clock(db, ENDED)
        if is_out:
            assert release_due(db, ENDED, ENDED) == [1]
    database.close()
    return str(path / "data")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RoundCopy]:
    """The small season's first round, published."""
    folder = a_folder(tmp_path_factory.mktemp("season"), is_out=True)
    database = Database(f"sqlite:///{folder}/sync.sqlite3")
    with database.reading() as db:
        yield copy_of(desk_of(db), 1)
    database.close()


def rows_under(document: Document, heading: str) -> list[list[str]]:
    place = [getattr(block, "text", "") for block in document.blocks].index(heading)
    return next([list(row) for row in block.rows] for block in document.blocks[place:] if isinstance(block, Rows))


def text_of(document: Document) -> str:
    return msgspec.json.encode(document).decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_prt_1_fourteen_parts_in_their_order(copy: RoundCopy, language: Any) -> None:
    document = participant_report(copy, PHONE, language)
    headings = [block.text for block in document.blocks if isinstance(block, Heading)]
    assert [re.match(r"\d+", words)[0] for words in headings] == [str(number) for number in range(1, 15)]  # type: ignore[index]
    assert document.mark == ""


def test_prt_2_the_sum_can_be_done_again_by_hand(copy: RoundCopy) -> None:
    rows = rows_under(participant_report(copy, PHONE, "en"), "2 How the score was made")
    *terms, (_, total) = rows
    assert sum(float(points) for _, points in terms) == pytest.approx(float(total), abs=0.006)


def test_prt_3_nobody_is_named_in_it(copy: RoundCopy) -> None:
    """PRT-4, RPC-1"""
    document = participant_report(copy, PHONE, "en")
    secrets = (ASSESSOR, f"Name of {ASSESSOR}", str(ANSWERS["PG5"]), "wong")
    assert [secret for secret in secrets if secret in text_of(document)] == []
    assert "no ground for dismissing" in text_of(document)
    assert "entrant only" in document.confidential


def test_kpt_1_nothing_but_what_is_out_and_a_draft_says_so(tmp_path: Path, capsys: Any) -> None:
    """KPT-2"""
    data, out = a_folder(tmp_path, is_out=False), str(tmp_path / "r.pdf")
    words = ["harbour-ferry/phone_in", "--round", "1", "--out", out, "--data", data]
    assert report.main(words) == 2
    assert "not released" in capsys.readouterr().err
    assert not Path(out).exists()
    assert report.main([*words, "--draft"]) == 0
    database = Database(f"sqlite:///{data}/sync.sqlite3")
    with database.transaction() as db:
        draft = copy_of(desk_of(db), 1, draft=True)
        assert participant_report(draft, PHONE, "en").mark == "Draft"
        assert copy_of(desk_of(db), 2, draft=True).id == ""
        for number, key, why in ((9, PHONE, "no round 9"), (1, ("nobody", "phone_in"), "no entry")):
            with pytest.raises(NoReportError, match=why):
                check_entry(copy_of(desk_of(db), number, draft=True), key)
        with pytest.raises(NoReportError, match="has nothing in round 1"):
            check_entry(draft, ("harbour-ferry", "onsite"))
    database.close()


def test_kpt_5_a_draft_of_one_entry_says_of_it_what_a_copy_of_all_would(tmp_path: Path) -> None:
    """Before its round is closed: the same words but for what names the copy, and nobody to compare with."""
    database = migrated(f"sqlite:///{tmp_path}/sync.sqlite3")
    with database.transaction() as db:
        a_round_that_ended(db, calls=6)
        add_calls(db, 3, round_number=2)
        for number in (1, 2):
            alone, whole = (copy_of(desk_of(db), number, draft=True, key=key) for key in (PHONE, None))
            assert alone.visits(PHONE) == whole.visits(PHONE) != []
            drafts = [participant_report(one, PHONE, "en") for one in (alone, whole)]
            one, other = (
                text_of(each).replace(of.digest, "").replace(of.digest[:16], "")
                for each, of in zip(drafts, (alone, whole), strict=True)
            )
            assert one == other
            assert "once the round is closed" in one
        with pytest.raises(NoReportError, match=r"use one of harbour-ferry/onsite, harbour-ferry/phone_in"):
            copy_of(desk_of(db), 1, draft=True, key=("nobody", "phone_in"))
    database.close()


def test_every_report_of_a_round_is_written_in_both_languages(tmp_path: Path) -> None:
    data = a_folder(tmp_path, is_out=True)
    assert report.main_all(["--round", "1", "--out", str(tmp_path / "all"), "--data", data]) == 0
    names = sorted(file.name for file in (tmp_path / "all").iterdir())
    assert names == ["harbour-ferry_phone_in_r1_en.pdf", "harbour-ferry_phone_in_r1_zh-Hant.pdf"]


def test_kpt_4_of_a_form_that_is_gone_nothing_is_closed_and_no_half_report_made(tmp_path: Path, capsys: Any) -> None:
    """RDY-1"""
    data, out = a_folder(tmp_path, is_out=True, calls=5), tmp_path / "r.pdf"  # another copy than was read before
    with closing(sqlite3.connect(f"{data}/sync.sqlite3")) as by_hand:  # a server's own connections hold it fast
        by_hand.execute("DELETE FROM form_versions WHERE id = 'phone_in@1'")
        by_hand.commit()
    assert report.main(["harbour-ferry/phone_in", "--round", "1", "--out", str(out), "--data", data]) == 2
    assert report.main_all(["--round", "1", "--out", str(tmp_path / "all"), "--data", data]) == 2
    assert capsys.readouterr().err.count("phone_in@1, which is gone") == 1 + len(LANGUAGES)
    assert (out.exists(), list((tmp_path / "all").iterdir())) == (False, [])
    database = Database(f"sqlite:///{data}/sync.sqlite3")
    with database.reading() as db:
        stops = readiness(SeasonDesk.of(db, FormBook()), 1, ENDED).open_of(Weight.STOPS)
        maker = db.execute(select(tables.publications.c.made_by)).scalars().first()
        with pytest.raises(CannotDecideError, match="phone_in@1"):
            closed(db, By(str(maker), ENDED), reason="A correction.")
    database.close()
    assert [(str(line.name), line.open) for line in stops] == [("Accepted visits whose form version is gone", 5)]


def test_fnt_1_a_name_with_a_character_the_font_lacks_is_told(tmp_path: Path, capsys: Any) -> None:
    data = a_folder(tmp_path, is_out=False)
    database = Database(f"sqlite:///{data}/sync.sqlite3")
    with database.transaction() as db:
        db.execute(update(tables.entrants).values(name={"en": "Ferry 𓀀", "zh-Hant": "渡輪"}))
        db.execute(update(tables.publications).values(withdrawn_at=ENDED, withdrawn_because="x"))
    database.close()
    assert report.main_all(["--round", "1", "--draft", "--out", str(tmp_path / "all"), "--data", data]) == 2
    assert "𓀀 (U+13000)" in capsys.readouterr().err
    assert [file.name for file in (tmp_path / "all").iterdir()] == ["harbour-ferry_phone_in_r1_zh-Hant.pdf"]
    assert lacking("渡輪 Ferry 123 ♛") in ((), ("♛",))


@needs_poppler
@pytest.mark.parametrize("language", LANGUAGES)
def test_set_1_the_pdf_is_tagged_and_its_text_comes_out_in_order(
    copy: RoundCopy, language: Any, tmp_path: Path
) -> None:
    """SET-2, DOC-1"""
    document = participant_report(copy, PHONE, language)
    file = tmp_path / "r.pdf"
    file.write_bytes(pdf_of(document))
    assert file.read_bytes() == pdf_of(document)
    info = subprocess.run(["pdfinfo", str(file)], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Tagged:\s+yes", info)
    assert re.search(r"Page size:.*A4", info)
    text = subprocess.run(["pdftotext", "-raw", str(file), "-"], capture_output=True, text=True, check=True).stdout
    headings = [block.text.replace("　", " ") for block in document.blocks if isinstance(block, Heading)]
    squeezed = re.sub(r"\s+", "", text)
    places = [squeezed.find(re.sub(r"\s+", "", heading)) for heading in headings]
    assert places == sorted(places)
    assert min(places) >= 0
    assert copy.digest[:16] in text


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_set_3_memory_stays_flat_however_many_documents_one_process_sets(copy: RoundCopy) -> None:
    def resident_mb() -> float:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096 / 1e6

    document = participant_report(copy, PHONE, "en")
    pdf_of(document)
    before = resident_mb()
    for number in range(8):
        pdf_of(msgspec.structs.replace(document, title=f"{number}", foot=f"{number}"))
    assert resident_mb() < before + 30  # it would be some 100


def test_ppd_1_a_pdf_is_set_in_a_process_of_its_own(copy: RoundCopy) -> None:
    document = participant_report(copy, PHONE, "en")
    assert printed(document)[:5] == b"%PDF-"
    with pytest.raises(CannotPrintError, match="U\\+13000"):
        printed(msgspec.structs.replace(document, title="𓀀"))


def test_figures_are_counted_as_they_say() -> None:
    """FIG-1, FIG-2, FIG-3"""
    assert spread_of([59.9, 60, 64.9, 100])[0] == (0, 60, 1)
    assert [spread_of([59.9, 60, 64.9, 100])[place][2] for place in (1, -1)] == [2, 1]
    interval = Waits(20, 10, 30, 17, 30).interval
    assert interval is not None
    assert [round(100 * edge) for edge in interval] == [64, 95]


def test_fig_2_what_is_strong_and_what_cost_most_is_named(copy: RoundCopy) -> None:
    rows = rows_under(participant_report(copy, PHONE, "en"), "5 Every question")
    assert ["–"] * len(rows) == [row[-1] for row in rows]  # round 1 has none before it
    assert {row[2] for row in rows} >= {"100 %", "0 %"}


def test_filed_answers_are_told_by_what_was_filed_or_in_older_copies_by_the_question(copy: RoundCopy) -> None:
    def told() -> Rows:
        blocks = participant_report(copy, PHONE, "en").blocks
        start = next(number for number, one in enumerate(blocks) if isinstance(one, Heading) and one.text[:2] == "7 ")
        rows = blocks[start + 1]
        assert isinstance(rows, Rows)
        return rows

    seen = [visit.seen for visit in copy.visits(PHONE)]
    filed = {copy.filed[ref]["filed"]["en"] for each in seen for ref, _ in each["faqs"]}
    assert [(row[1], row[2], row[3]) for row in told().rows] == [(words, "6", "6") for words in filed]
    for each in seen:
        del each["faqs"]
    assert {row[1] for row in told().rows} == {"–"}
