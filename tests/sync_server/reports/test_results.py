"""RSL, GRC, MRK, CER, CPP, RSC, RSF, EMB, KPT-3: what is printed of a season's results."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from checklists.award.badge import Badge
from checklists.language import LANGUAGES, Language
from sync_server.commands import publication, results
from sync_server.print.document import CannotPrintError, Document, Emblem, Listed, Rows
from sync_server.print.emblem import METALS, emblem_svg, seal_svg
from sync_server.print.typeset import pdf_of
from sync_server.reports.ceremony import running_order, seating
from sync_server.reports.ceremony_papers import PAPERS, paper
from sync_server.reports.certificate import certificate, has_certificate
from sync_server.reports.marks import artwork, run_of_years
from sync_server.reports.result_letter import result_letter
from sync_server.reports.results_frame import say_of
from tests.sync_server.finished_season import CEREMONY, a_database, released, rounds_before_the_results
from tests.sync_server.reports.results_kit import a_results_copy, an_entrant

COPY = a_results_copy()


def text_of(document: Document) -> str:
    return msgspec.json.encode(document).decode()


def key(code: str) -> tuple[str, str]:
    return code, "phone_in"


def test_cer_1_the_ceremony_goes_from_bronze_to_the_grand_award() -> None:
    """CER-2: who shares an award comes together, in the order of names"""
    assert [(item.kind, item.code, [one.key[0] for one in item.entries]) for item in running_order(COPY)] == [
        ("grade", "bronze", ["cedar"]),
        ("grade", "silver", ["birch"]),
        ("grade", "gold", ["acorn", "elm", "fir"]),
        ("mark", "3", ["acorn"]),
        ("mark", "9", ["elm"]),
        ("award", "most_improved", ["acorn", "elm"]),
        ("award", "industry", ["acorn", "elm"]),
        ("award", "grand", ["acorn", "elm"]),
    ]


def test_cer_3_every_entry_has_one_free_seat_and_an_organisation_sits_together() -> None:
    many = [an_entrant(f"{house}-{n:02}", ("90", "90", "90"), organisation=house) for house, n in _crowd()]
    copy = a_results_copy(*many)
    tables: dict[str, list[int]] = {}
    for seat in seating(copy):
        tables.setdefault(seat.entry.facts.organisation, []).append(seat.table)
    assert tables == {"ash": [1] * 8, "box": [2] * 6, "cox": [2] * 4, "dee": [3] * 12 + [4] * 2}
    assert len(seating(COPY)) == 6, "whoever withdrew has no seat"


def _crowd() -> list[tuple[str, int]]:
    return [(house, n) for house, size in (("ash", 8), ("box", 6), ("cox", 4), ("dee", 14)) for n in range(size)]


def test_rsl_1_the_letter_adds_up_by_hand_and_names_no_place_and_nobody_else() -> None:
    """RSL-2, RSL-3"""
    letter = result_letter(COPY, key("acorn"), "en")
    (rows,) = [block for block in letter.blocks if isinstance(block, Rows)]
    assert [list(row)[1:] for row in rows.rows] == [
        ["95.0000", "20.00 %", "19.0000"],
        ["96.0000", "30.00 %", "28.8000"],
        ["97.0000", "50.00 %", "48.5000"],
        ["", "", "96.3000"],
    ]
    words = text_of(letter)
    assert [one for one in ("96.30", "Gold", "Grand Award", "given jointly to 2 entries") if one not in words] == []
    assert [one for one in ("Elm", "Birch", "place", "rank") if one in words] == []
    moved = text_of(result_letter(COPY, key("fir"), "en"))
    assert "moved this entrant from “Banks and Loan Institutions” to “Transports and Logistics”" in moved
    assert "Industry Award · Transports and Logistics: Not awarded: units with a final in this group: 1" in moved


def test_rsl_2_a_place_is_printed_only_where_the_organiser_publishes_it_and_the_group_is_large_enough() -> None:
    about = {**COPY.file["x_results"], "places": ["industry", "grand"]}
    copy = replace(COPY, file={**COPY.file, "x_results": about})
    places = {
        code: [item for block in result_letter(copy, key(code), "en").blocks if isinstance(block, Listed)
               for item in block.items if ": place" in item]
        for code in ("acorn", "cedar", "fir")
    }  # fmt: skip
    (group,) = {item.partition(":")[0] for item in places["acorn"]} - {"All entries"}
    assert places["acorn"] == [f"{group}: place 1 of 5, shared by 2", "All entries: place 1 of 6, shared by 2"]
    assert places["cedar"] == [f"{group}: place 4 of 5", "All entries: place 5 of 6"]
    assert places["fir"] == ["All entries: place 3 of 6"], "its own group has one entry"


def test_an_entry_without_a_final_reads_why() -> None:
    one = an_entrant("alone", ("90",))
    letter = result_letter(a_results_copy(one), key("alone"), "en")
    assert "round 2" in text_of(letter)


def test_mrk_1_a_mark_beyond_the_rule_is_for_the_organiser_to_confirm() -> None:
    said = {code: text_of(certificate(COPY, key(code), "en")) for code in ("acorn", "elm")}
    assert ["Organiser to confirm" in said[code] for code in said] == [False, True]
    assert "Gold in 3 editions running: 2019, 2020, 2021." in said["acorn"]
    assert list(run_of_years(COPY, 1)) == [2021]


def test_grc_1_whoever_is_below_pass_has_no_certificate() -> None:
    entries = COPY.entries
    assert [code for (code, _), entry in entries.items() if has_certificate(entry)] == [
        "acorn", "birch", "cedar", "elm", "fir",
    ]  # fmt: skip


@pytest.mark.parametrize("run", range(3, 15))
def test_emb_1_a_mark_has_as_many_crowns_and_stars_as_the_badge(run: int) -> None:
    """EMB-2: and the same badge the same bytes"""
    copy = a_results_copy(an_entrant("oak", ("95", "95", "95"), golds=run - 1))
    badge = copy.entries[key("oak")].badge
    document = artwork(copy, copy.entries[key("oak")], say_of(copy, "en"))
    assert isinstance(badge, Badge)
    assert document is not None
    (block,) = document.blocks
    assert isinstance(block, Emblem)
    assert (block.svg.count("<circle"), len(re.findall(r"<path transform", block.svg))) == (
        3 * badge.crowns,
        badge.stars,
    )
    assert badge.run == run
    assert block.svg == emblem_svg(badge.crowns, badge.stars, title=block.words)


@pytest.mark.parametrize(("metal", "reached", "of"), [("gold", 2, 3), ("silver", 1, 1), ("bronze", 0, 3)])
def test_emb_3_a_seal_has_a_star_for_each_that_can_be_reached_and_fills_those_that_were(
    metal: str, reached: int, of: int
) -> None:
    svg = seal_svg(metal, reached=reached, of=of, title="x")
    stars = [face for face, _ in re.findall(r'fill="(#\w+)"(><path transform)', svg)]
    assert [face == METALS[metal][0] for face in stars] == [place < reached for place in range(of)]


@pytest.mark.parametrize(
    ("state", "mark", "line"),
    [
        pytest.param({"is_signed": False, "released_at": None}, "Draft", "Under embargo until", id="RSF-1 a draft"),
        pytest.param({"released_at": None}, "", "Under embargo until 1 Mar 2021 12:00", id="RSC-2 under embargo"),
        pytest.param({}, "", "", id="RSF-1 out"),
        pytest.param({"correction": 2, "reason": "A dispute."}, "", "Correction 2: A dispute.", id="RSF-2 corrected"),
    ],
)
def test_a_paper_says_whether_it_may_be_shown(state: dict[str, Any], mark: str, line: str) -> None:
    """RSC-1"""
    press = paper(a_results_copy(**state), "press", "en")
    assert press.mark == mark
    assert not line or any(line in each for each in press.subject)
    assert ("embargo" in press.confidential) is ("embargo" in line)
    assert "results-1 aaaa" in press.foot


def test_cpp_1_names_are_read_out_in_both_languages_and_cpp_2_the_press_gets_no_figure() -> None:
    (stage, *_) = [block for block in paper(COPY, "running-order", "en").blocks if isinstance(block, Listed)]
    assert stage.items[0].startswith("Cedar Hotline / Cedar 熱線")
    assert "75.00" in text_of(paper(COPY, "winners", "en"))
    press = paper(COPY, "press", "en")
    assert not re.search(r"\d\d\.\d\d", text_of(msgspec.structs.replace(press, foot="")))
    lists = {block.title: block for block in press.blocks if isinstance(block, Listed)}
    assert not any(block.ordered for block in lists.values()), "a number beside a name would be a rank"
    assert lists["Gold · Phone-in"].items[0] == "Acorn Hotline (Acorn Holdings)"
    assert lists["Grand Award"].items[0] == "Acorn Hotline (Acorn Holdings) · Phone-in"
    chinese = {block.title: block for block in paper(COPY, "press", "zh-Hant").blocks if isinstance(block, Listed)}
    assert chinese["至尊大獎"].items[0] == "Acorn 熱線（橡實集團） · 電話"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_paper_is_tagged_and_reads_in_order(tmp_path: Path, language: Language) -> None:
    documents = {
        "letter": result_letter(COPY, key("elm"), language),
        "certificate": certificate(COPY, key("elm"), language),
        "mark": artwork(COPY, COPY.entries[key("elm")], say_of(COPY, language)),
        **{name: paper(COPY, name, language) for name in PAPERS},
    }
    for name, document in documents.items():
        assert document is not None
        (tmp_path / f"{name}.pdf").write_bytes(pdf_of(document))
    if shutil.which("pdfinfo") is None and os.environ.get("CI") != "true":  # there its absence is a failure
        pytest.skip("needs poppler-utils: apt install poppler-utils")
    for name in documents:
        told = subprocess.run(["pdfinfo", tmp_path / f"{name}.pdf"], capture_output=True, text=True, check=True).stdout
        assert re.search(r"Tagged:\s+yes", told), name
    read = subprocess.run(
        ["pdftotext", tmp_path / "certificate.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    wanted = ["2021 Award", "Elm Hotline", "Gold"] if language == "en" else ["年大獎", "Elm 熱線", "金獎"]
    places = [read.find(words) for words in wanted]
    assert -1 not in places, read
    assert places == sorted(places)


def test_a_name_with_a_character_the_font_lacks_is_told(tmp_path: Path) -> None:
    one = an_entrant("odd", ("95", "95", "95"))
    one["name"] = {"en": "Gothic \U00010330 Hotline", "zh-Hant": "熱線"}
    with pytest.raises(CannotPrintError, match=r"U\+10330"):
        pdf_of(certificate(a_results_copy(one), key("odd"), "en"))


def test_kpt_3_the_command_writes_all_papers_once_the_results_are_out(tmp_path: Path, capsys: Any) -> None:
    database = a_database(tmp_path)
    with database.transaction() as db:
        people = rounds_before_the_results(db)
    where = ["--data", str(tmp_path / "data"), "--out", str(tmp_path / "out")]
    assert results.main(where) == 2
    assert not (tmp_path / "out").exists()
    with database.transaction() as db:
        released(db, people)
    database.close()
    assert results.main(where) == 0
    capsys.readouterr()
    assert publication.main(["list", "--json", *where[:2]]) == 0
    (told,) = [one for one in json.loads(capsys.readouterr().out) if one["kind"] == "results"]
    assert (told["id"], told["moment"]) == ("results-1", CEREMONY.isoformat())
    files = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert "harbour-ferry_phone_in_letter_zh-Hant.pdf" in files
    assert {f"{name}_{language}.pdf" for name in PAPERS for language in LANGUAGES} <= set(files)
