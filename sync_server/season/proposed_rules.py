"""Other rules for what has opened: one person proposes them, another one makes them the rules.

PRR-1  A change about what has opened is proposed first: its lines, the reason, what it is about and the effects as they
       were shown are kept. It is in force for nothing until a second coordinator or administrator confirms it.
PRR-2  Whoever proposed it never confirms it, and takes it back with a reason; anybody else turns it down with one. It
       ends once: of two who end it, the later one is told.
PRR-3  It becomes a version with the effects that were shown to whoever confirmed it; those shown to whoever proposed it
       stay with the proposal.
PRR-4  It is out of date once another version was made: what was shown rests on rules that are not the newest. It is not
       confirmed any more.
PRR-5  The first name stays given when its account is disabled later. Ties to organisations bar nobody: rules are the
       same for every entry, and each copy that they change is signed anew by people who stand apart from it.
PRR-6  Rules are set by administrators: one of the two is one. A coordinator proposes, as any ruling, and confirms what
       an administrator proposed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from checklists.language import N_, SentenceError, sentence
from checklists.season.what_if import parse_changes
from sync_server.database.queries import proposed_rules as queries
from sync_server.database.queries.proposed_rules import NewProposed, ProposedRow
from sync_server.database.queries.round_rules import versions_followed
from sync_server.database.queries.users import user_of_id
from sync_server.people.permissions import Role
from sync_server.season.rule_changes import Decision, NoReasonError, add_version, laid_over
from sync_server.season.rules import version_in_force

MAX_WORDS = 2000


class CannotConfirmError(SentenceError, ValueError):
    """Proposed rules cannot be confirmed or withdrawn like this; `message` says why."""


def propose(
    db: Connection,
    lines: Sequence[str],
    decision: Decision,
    reason: str,
    *,
    by: str,
    now: datetime,
) -> int:
    """Keep other rules for what `decision` is about, for a second person to confirm, and return their number (PRR-1).

    What has not opened is left out: it comes under the newest version by itself.

    Raises:
        NoReasonError: no reason was given.
        checklists.rules.ruleset.RulesetError: a name or value that may not stand.
    """
    if not reason.strip():
        raise NoReasonError
    laid_over(db, parse_changes(lines))
    return queries.add_proposed(
        db,
        NewProposed(
            base_version=version_in_force(db).number,
            lines=list(lines),
            about=sorted(decision.about & versions_followed(db).keys()),
            effects=[list(effect) for effect in decision.effects],
            reason=reason.strip()[:MAX_WORDS],
            proposed_by=by,
            proposed_at=now,
        ),
    )


def is_out_of_date(db: Connection, row: ProposedRow) -> bool:
    """Whether another version of the rules was made since it was proposed (PRR-4)."""
    return row.base_version != version_in_force(db).number


def can_confirm(db: Connection, row: ProposedRow, by: str) -> bool:
    """Whether `by` and whoever proposed it are two people, one of them an administrator (PRR-2, PRR-6)."""
    two = [user_of_id(db, user_id) for user_id in (row.proposed_by, by)]
    return row.proposed_by != by and any(one is not None and one.role == Role.ADMIN for one in two)


def confirm(db: Connection, proposed_id: int, effects: Sequence[Sequence[str]], *, by: str, now: datetime) -> None:
    """Make what was proposed the rules, as the second person, who was shown `effects`. In a write.

    Raises:
        CannotConfirmError: it is this person's own, out of date, or does not wait any more.
        LookupError: there is no such proposal.
        checklists.rules.ruleset.RulesetError: a name or value that may not stand by now.
    """
    row = _waiting(db, proposed_id)
    if row.proposed_by == by:
        account = user_of_id(db, by)
        words = N_("{name} proposed this: the second name is another person’s.")
        raise CannotConfirmError(sentence(words, name=account.name if account else by))
    if not can_confirm(db, row, by):
        raise CannotConfirmError(sentence(N_("A coordinator proposed this: an administrator confirms it.")))
    if is_out_of_date(db, row):
        words = N_("It is out of date: it was proposed on version {old} of the rules, and version {new} is in force.")
        raise CannotConfirmError(sentence(words, old=row.base_version, new=version_in_force(db).number))
    decision = Decision(frozenset(row.about), effects)
    add_version(db, parse_changes(row.lines), row.reason, created_by=row.proposed_by, now=now, decision=decision)
    if not queries.confirm(db, proposed_id, by, version_in_force(db).number, now):
        raise _ended_already()


def withdraw(db: Connection, proposed_id: int, reason: str, *, by: str, now: datetime) -> None:
    """Take it back, or turn somebody else's down, with why (PRR-2). In a write.

    Raises:
        CannotConfirmError: no reason is given, or it does not wait any more.
        LookupError: there is no such proposal.
    """
    _waiting(db, proposed_id)
    if not reason.strip():
        raise CannotConfirmError(sentence(N_("Give a reason: it is kept with what was proposed.")))
    if not queries.withdraw(db, proposed_id, by, reason.strip()[:MAX_WORDS], now):
        raise _ended_already()


def _waiting(db: Connection, proposed_id: int) -> ProposedRow:
    row = queries.proposed_of(db, proposed_id)
    if row is None:
        raise LookupError(proposed_id)
    if not row.waits:
        raise _ended_already()
    return row


def _ended_already() -> CannotConfirmError:
    return CannotConfirmError(sentence(N_("It was confirmed, turned down or taken back already.")))
