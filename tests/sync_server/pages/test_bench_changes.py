"""What the bench says of a revision against the one before it, and of the way to the branch."""

from __future__ import annotations

import msgspec

from checklists.forms.file import shipped_forms
from checklists.record.assessment import Measurement, Position
from checklists.record.assignment import Branch
from checklists.record.sheet import sheet
from sync_server.pages.bench import changes_between, near_branch
from tests.builders import NOON, an_assignment, both
from tests.sync_server.season_kit import ANSWERS, a_call, a_photo


def test_a_revision_says_what_it_changed_of_the_one_before() -> None:
    before = a_call(answers={key: value for key, value in ANSWERS.items() if key != "PB5"})
    changed = {"PC1": 0, "PA1": False}
    after = a_call(answers=ANSWERS | changed, notes={}, files=[a_photo(b"screenshot")])
    found = changes_between(before, after, sheet(shipped_forms()["phone_in@1"]), 1)
    assert [(one.key, str(one.before), str(one.after)) for one in found.answers] == [
        ("PA1", "Yes", "No"),
        ("PB5", "None", str(found.answers[1].after)),
        ("PC1", "4 of 4", "0 of 4"),
    ]
    assert (found.revision, found.notes > 0, found.files) == (1, True, 1)
    assert changes_between(after, after, sheet(shipped_forms()["phone_in@1"]), 1).answers == []


def test_the_surest_stamp_says_how_far_the_branch_was() -> None:
    branch = Branch(id="pier", name=both("Pier"), address=both("7"), lat=22.2870, lon=114.1600)
    stamps = {
        name: Measurement(at=NOON, position=Position(latitude=latitude, longitude="114.1600", accuracy_m=accuracy))
        for name, latitude, accuracy in (("t_arrive", "22.2880", 12), ("t_end", "22.3", 80))
    }
    record = msgspec.structs.replace(a_call(), measurements=stamps)
    assert near_branch(record, an_assignment(branch=branch)) == (111, 12)
    assert near_branch(record, an_assignment()) is None
    assert near_branch(a_call(), an_assignment(branch=branch)) is None
