"""Bases under rules that no base was kept under yet: new rows beside the old ones (STN-4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from checklists.rules.ruleset import Ruleset
from sync_server.award.desk import SeasonDesk
from sync_server.award.entries import ReadEntry
from sync_server.award.facts import KeptFacts
from sync_server.award.season_entries import counts
from sync_server.database.queries import standings as queries
from sync_server.database.queries.grades import BaseRow
from sync_server.database.queries.standings import FactsRow


def without_base(desk: SeasonDesk, entry: ReadEntry) -> Sequence[tuple[FactsRow, KeptFacts]]:
    """Return what has no base under the rules in force: of the new facts, or of all once the rules changed."""
    if not desk.in_force.is_set_up:
        return ()
    key = (entry.row.entrant_id, entry.row.channel)
    is_same = queries.ruleset_of_standing(desk.db, key) == desk.in_force.digest
    candidates = entry.new_facts if is_same else entry.facts
    graded = {
        digest: queries.graded_under(desk.db, [row.id for row, _ in candidates], digest)
        for digest in {desk.rules_of(row.round).digest for row, _ in candidates}
    }
    return [
        (row, facts)
        for row, facts in candidates
        if counts(row, facts) and (row.id, row.digest) not in graded[desk.rules_of(row.round).digest]
    ]


def base_rows(
    facts_without: Sequence[tuple[FactsRow, KeptFacts]], desk: SeasonDesk, now: datetime
) -> Sequence[BaseRow]:
    """Return the rows to append. A record that has no base at all gets none."""
    bases = [(row, facts, _base(facts, desk.rules_of(row.round))) for row, facts in facts_without]
    return [
        BaseRow(
            assessment_id=row.id,
            revision=row.revision,
            digest=row.digest,
            form=facts.form,
            ruleset_digest=desk.rules_of(row.round).digest,
            base=str(base),
            why_no_base="",
            graded_at=now,
        )
        for row, facts, base in bases
        if base is not None
    ]


def _base(facts: KeptFacts, rules: Ruleset) -> Fraction | None:
    zeroes = rules.text("critical.effect") == "section_zero"
    return facts.base if zeroes or facts.base_unzeroed is None else facts.base_unzeroed
