"""What changed since a copy was taken: what keeps it from being signed, and what another copy would change."""

from __future__ import annotations

from collections.abc import Sequence

from checklists.forms.file import shipped_forms
from checklists.language import N_, Sentence, sentence
from checklists.season.what_if import compare
from sync_server.award.desk import SeasonDesk
from sync_server.database.queries import publications as queries
from sync_server.database.queries.publications import what_of
from sync_server.publication import frozen
from sync_server.publication.packed import Json
from sync_server.publication.scored import CopyScorer


def changed_rules(file: Json, desk: SeasonDesk, number: int | None) -> Sequence[str]:
    """Return the parameters of a copy that are others by now, but for dates that score nothing."""
    then = frozen.rules_of_copy(file, number)
    rules = desk.rules if number is None else desk.rules_of(number)
    now = {name: value for name, value in frozen.plain_rules(rules).items() if name not in frozen.DATES}
    return sorted(name for name in then.keys() | now.keys() if then.get(name) != now.get(name))


def moved_since(file: Json, desk: SeasonDesk, number: int | None) -> Sentence | None:
    """Return what else changed since a copy was taken, so that it is not signed as it is (CLO-5); None: nothing."""
    rows = {(row.entrant_id, row.channel): row for row in desk.entry_rows()}
    for entrant in file["entrants"].heads():
        for entry in entrant.entries:
            row, name = rows.get((entrant.id, entry.channel)), f"{entrant.id}/{entry.channel}"
            if row is None or row.withdrawn != entry.withdrawn:
                return sentence(_WITHDREW, entry=name)
            if number is None and row.industry != entrant.industry:
                return sentence(_REGROUPED, entry=name)
    for each, digest in file.get("x_rounds", {}).items():
        signed = queries.signed_copy(desk.db, what_of(int(each)))
        if signed is not None and signed.digest != digest:
            return sentence(_CORRECTED, number=each)
    return None


_WITHDREW = N_("{entry} withdrew, or takes part again, since this copy was taken: withdraw it, and close again.")
_REGROUPED = N_("{entry} changed its industry group after this copy was taken: withdraw it, and close again.")
_CORRECTED = N_("Round {number} was corrected after this copy was taken: withdraw it, and close again.")


def changes_since(file: Json, taken: Json) -> Sequence[Sequence[str]]:
    """Return all that another copy changes: [entry or group, figure or award, from, to], in plain English.

    Awards are compared where a copy has finals: the results.
    """
    before, after = (CopyScorer(one, shipped_forms()).whole() for one in (file, taken))
    awards = (before.awards, after.awards) if "x_rounds" in taken else ((), ())
    compared = compare(before.entries, after.entries, awards=awards, rules=(before.rules, after.rules))
    figures = [
        [f"{entry.entrant}/{entry.channel}", figure, *(str(one) for one in pair)]
        for entry in compared.entries
        for figure, pair in entry.changes.items()
    ]
    given = [
        [one.industry or one.channel or "–", one.award.value, _winners(one.before), _winners(one.after)]
        for one in compared.awards
    ]
    return [*figures, *given]


def _winners(keys: Sequence[tuple[str, str]]) -> str:
    return ", ".join("/".join(key) for key in keys) or "–"
