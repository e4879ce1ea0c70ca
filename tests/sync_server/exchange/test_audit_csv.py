"""AUD: how a visit was filled in, with ODK's columns. Ids are those in exchange/audit_csv.py."""

from __future__ import annotations

import csv
import io

from checklists.record.assessment import ERASED, Answer, Measurement, Position
from sync_server.database.queries.bench import CorrectionRow
from sync_server.exchange.audit_csv import HEADINGS, rows_of
from sync_server.people.permissions import Role
from tests.builders import NOON, an_assessment, at
from tests.sync_server.desk import push, signed_in
from tests.sync_server.season_kit import a_call, score_all_twice

FIRST = an_assessment(
    answers={"PA2": Answer(value=3, at=at(2)), "PA1": Answer(value=True, at=at(1))},
    measurements={"t_end": Measurement(at=at(3), position=Position(latitude="22.3", longitude="114.2", accuracy_m=8))},
    finished_at=at(9),
)


def told(*revisions, corrections=()):
    return [dict(zip(HEADINGS, row, strict=True)) for row in rows_of([("A1", one) for one in revisions], corrections)]


def test_a_visit_is_told_in_the_order_in_which_it_was_filled_in():
    """AUD-1"""
    rows = told(FIRST)
    assert [(row["event"], row["node"], row["new-value"]) for row in rows] == [
        ("form start", "", ""),
        ("question", "/data/PA1", "yes"),
        ("question", "/data/PA2", "3"),
        ("question", "/data/t_end", ""),
        ("form finalize", "", ""),
    ]
    assert [row["start"] for row in rows] == sorted(row["start"] for row in rows)
    assert (rows[1]["start"], rows[1]["user"]) == (int(at(1).timestamp() * 1000), "A1")
    assert (rows[3]["latitude"], rows[3]["longitude"], rows[3]["accuracy"]) == ("22.3", "114.2", 8)


def test_a_later_revision_and_a_correction_tell_what_they_changed():
    """AUD-2, AUD-3"""
    again = an_assessment(
        revision=2,
        answers={**FIRST.answers, "PA1": Answer(value=False, at=at(20)), "PG5": Answer(value=ERASED, at=at(21))},
        measurements=FIRST.measurements,
    )
    corrected = CorrectionRow(FIRST.id, "", "PA2", 3, 1, "Heard on the tape", "The reviewer", NOON)
    later = told(FIRST, again, corrections=[corrected])[5:]
    assert [(row["event"], row["node"], row["old-value"], row["new-value"]) for row in later] == [
        ("form resume", "", "", ""),
        ("question", "/data/PA1", "yes", "no"),
        ("question", "/data/PG5", "", ERASED),
        ("question", "/data/PA2", "3", "1"),
    ]
    assert (later[-1]["user"], later[-1]["change-reason"]) == ("The reviewer", "Heard on the tape")


def test_the_office_downloads_it_of_every_visit(desk):
    """AUD-1"""
    calls = [a_call(assignment_id=name) for name in ("assignment-1", "assignment-recorded")]
    for call in calls:
        push(desk, call)
    with desk.services.database.transaction() as db:
        score_all_twice(db)
    with signed_in(desk, Role.COORDINATOR) as client:
        answer = client.get("/assessments/audit.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert tuple(rows[0]) == HEADINGS
    assert {row["instance ID"] for row in rows} == {call.id for call in calls}
    with signed_in(desk, Role.VIEWER) as client:
        assert client.get("/assessments/audit.csv").status_code == 403
