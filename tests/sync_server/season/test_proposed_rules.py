"""PRR: rules proposed for what has opened. Ids are those in sync_server/season/proposed_rules.py."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, update
from sqlalchemy.exc import IntegrityError

from checklists.rules.ruleset import RulesetError
from sync_server.database import tables
from sync_server.database.queries.proposed_rules import ProposedRow, all_proposed, proposed_of
from sync_server.database.queries.round_rules import OWN, decisions_on_rules, name_of
from sync_server.database.queries.rulesets import versions
from sync_server.database.queries.users import change_disabled
from sync_server.people.permissions import Role
from sync_server.season.proposed_rules import CannotConfirmError, confirm, is_out_of_date, propose, withdraw
from sync_server.season.release import dated_rounds
from sync_server.season.rule_changes import Decision, NoReasonError, add_version, freeze_opened
from sync_server.season.rules import rules_in_force, version_in_force
from tests.sync_server.desk import add_account
from tests.sync_server.season_kit import add_season

LINES = ["cap.assessment=50"]
SHOWN = [["harbour-ferry/phone_in", "round_1", "88.25", "50.00"]]
LATER = [["harbour-ferry/phone_in", "round_1", "90.00", "50.00"]]


class Office:
    """A season in its first round; an administrator and a coordinator."""

    def __init__(self, database: Any) -> None:
        self.database = database
        with database.transaction() as db:
            add_season(db)
            self.one, self.other = add_account(db, Role.ADMIN), add_account(db, Role.COORDINATOR)
            self.now = dated_rounds(db)[1].opens_at + timedelta(days=1)
            freeze_opened(db, self.now, self.now)

    def propose(self, db: Connection, *about: str) -> int:
        decision = Decision(frozenset(about or (name_of(1),)), SHOWN)
        return propose(db, LINES, decision, " agreed ", by=self.one, now=self.now)

    def confirm(self, db: Connection, proposed: int, by: str) -> None:
        confirm(db, proposed, LATER, by=by, now=self.now)


@pytest.fixture
def office(database: Any) -> Office:
    return Office(database)


def kept(db: Connection, proposed: int) -> ProposedRow:
    row = proposed_of(db, proposed)
    assert row is not None
    return row


def cap(db: Connection, number: int) -> str:
    return str(rules_in_force(db).rules_of(number).plain_value("cap.assessment"))


def test_what_is_proposed_is_kept_whole_and_in_force_for_nothing(office: Office) -> None:
    """PRR-1"""
    with office.database.transaction() as db:
        before = cap(db, 1)
        row = kept(db, office.propose(db, OWN, name_of(1), name_of(2)))  # round 2 has not opened
        assert (row.lines, row.about, row.effects) == (LINES, [name_of(1), OWN], SHOWN)
        assert (row.reason, row.proposed_by, row.proposed_at) == ("agreed", office.one, office.now)
        assert (row.base_version, row.waits, row.version) == (1, True, None)
        assert version_in_force(db).number == 1
        assert cap(db, 1) == before
        assert not decisions_on_rules(db)


def test_what_could_not_be_a_rule_or_has_no_reason_is_not_proposed(office: Office) -> None:
    """PRR-1"""
    about = Decision(frozenset({name_of(1)}))
    with office.database.transaction() as db:
        with pytest.raises(NoReasonError):
            propose(db, LINES, about, " ", by=office.one, now=office.now)
        with pytest.raises(RulesetError):
            propose(db, ["cap.assessment=much"], about, "agreed", by=office.one, now=office.now)
        with pytest.raises(RulesetError):
            propose(db, ["report.release_at.0=2021-01-01T00:00:00Z"], about, "x", by=office.one, now=office.now)
        assert not all_proposed(db)


def test_a_second_person_makes_it_a_version_with_both_names_and_the_figures_of_then(office: Office) -> None:
    """PRR-1, PRR-3"""
    with office.database.transaction() as db:
        proposed = office.propose(db)
        office.confirm(db, proposed, office.other)
        row, (decision,), newest = kept(db, proposed), decisions_on_rules(db), versions(db)[0]
        assert (row.confirmed_by, row.confirmed_at, row.version) == (office.other, office.now, 2)
        assert row.effects == SHOWN
        assert [list(effect) for effect in decision.effects] == LATER
        assert (decision.what, decision.version, decision.reason) == (name_of(1), 2, "agreed")
        assert (newest.version, newest.created_by, newest.reason) == (2, office.one, "agreed")
        assert cap(db, 1) == "50"


def test_whoever_proposed_it_is_named_and_does_not_confirm_it(office: Office) -> None:
    """PRR-2"""
    with office.database.transaction() as db:
        proposed = office.propose(db)
        with pytest.raises(CannotConfirmError, match="The admin proposed this: the second name is another person’s"):
            office.confirm(db, proposed, office.one)
        assert kept(db, proposed).waits
        assert version_in_force(db).number == 1


def test_the_table_itself_holds_no_proposal_confirmed_by_its_own_author(office: Office) -> None:
    """PRR-2"""
    own = {"confirmed_by": office.one, "confirmed_at": office.now, "version": 1}
    with office.database.transaction() as db:
        office.propose(db)
    with pytest.raises(IntegrityError), office.database.transaction() as db:
        db.execute(update(tables.proposed_rules).values(**own))


@pytest.mark.parametrize(
    "mine", [pytest.param(True, id="PRR-2 taken back"), pytest.param(False, id="PRR-2 turned down")]
)
def test_it_is_withdrawn_with_a_reason_and_ends_there(office: Office, mine: bool) -> None:
    by = office.one if mine else office.other
    with office.database.transaction() as db:
        proposed = office.propose(db)
        with pytest.raises(CannotConfirmError, match="Give a reason"):
            withdraw(db, proposed, " ", by=by, now=office.now)
        withdraw(db, proposed, " Too late. ", by=by, now=office.now)
        row = kept(db, proposed)
        assert (row.withdrawn_by, row.withdrawn_because, row.waits) == (by, "Too late.", False)
        for act in (
            lambda: office.confirm(db, proposed, office.other),
            lambda: withdraw(db, proposed, "again", by=by, now=office.now),
        ):
            with pytest.raises(CannotConfirmError, match="already"):
                act()
        assert version_in_force(db).number == 1


def test_of_two_who_confirm_at_once_one_is_told(office: Office) -> None:
    """PRR-2"""
    with office.database.transaction() as db:
        third, proposed = add_account(db, Role.REVIEWER), office.propose(db)
    told: list[str] = []
    start = threading.Barrier(2)

    def act(by: str) -> None:
        start.wait(10)
        try:
            with office.database.transaction() as db:
                office.confirm(db, proposed, by)
        except CannotConfirmError as error:
            told.append(str(error))

    people = [threading.Thread(target=act, args=(by,)) for by in (office.other, third)]
    for each in people:
        each.start()
    for each in people:
        each.join(30)
    assert told == ["It was confirmed, turned down or taken back already."]
    with office.database.reading() as db:
        assert [one.version for one in versions(db)] == [2, 1]
        assert len(decisions_on_rules(db)) == 1


def test_what_rests_on_rules_that_are_not_the_newest_is_out_of_date(office: Office) -> None:
    """PRR-4"""
    with office.database.transaction() as db:
        first, second = office.propose(db), office.propose(db)
        assert not is_out_of_date(db, kept(db, second))
        office.confirm(db, first, office.other)
        assert is_out_of_date(db, kept(db, second))
        with pytest.raises(CannotConfirmError, match=r"proposed on version 1 .* version 2"):
            office.confirm(db, second, office.other)
        withdraw(db, second, "Out of date.", by=office.one, now=office.now)
        add_version(db, {"grade.dp": 2}, "for later rounds", created_by=office.one, now=office.now)
        assert version_in_force(db).number == 3


def test_the_name_of_an_account_that_was_disabled_since_stays_given(office: Office) -> None:
    """PRR-5"""
    with office.database.transaction() as db:
        proposed = office.propose(db)
        change_disabled(db, office.one, office.now)
        office.confirm(db, proposed, office.other)
        assert kept(db, proposed).confirmed_by == office.other


def test_a_proposal_that_is_not_there_is_none(office: Office) -> None:
    with office.database.transaction() as db:
        with pytest.raises(LookupError):
            office.confirm(db, 9, office.other)
        with pytest.raises(LookupError):
            withdraw(db, 9, "why", by=office.one, now=office.now)


def test_of_the_two_names_one_is_an_administrators(office: Office) -> None:
    """PRR-6"""
    with office.database.transaction() as db:
        second = add_account(db, Role.REVIEWER)
        decision = Decision(frozenset({name_of(1)}), SHOWN)
        number = propose(db, LINES, decision, "agreed", by=office.other, now=office.now)
        with pytest.raises(CannotConfirmError, match="an administrator confirms it"):
            office.confirm(db, number, second)
        office.confirm(db, number, office.one)
        assert kept(db, number).confirmed_by == office.one
