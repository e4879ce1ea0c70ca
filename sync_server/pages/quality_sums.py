"""What the kept sums of a round say: of each question, and of how soon each entry answers (4.2, 4.7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from checklists import wire
from checklists.forms.form import Form
from checklists.language import Text
from sync_server.database.queries.tallies import TallyRow
from sync_server.pages.plot import SHARES, Scale, Spot, spot
from sync_server.quality.coverage import Reach
from sync_server.quality.intervals import wilson
from sync_server.quality.items import ItemFigures, item_figures
from sync_server.quality.service import Waits, reach_of, waits_of
from sync_server.quality.tally import Tally, merged

FEW_REACHED = 0.9


class ItemLine(NamedTuple):
    """One question over every entry that its form was used for."""

    key: str
    text: Text
    how: ItemFigures
    spot: Spot


class FormItems(NamedTuple):
    """The questions of one form, in its order."""

    form: str
    title: Text
    lines: Sequence[ItemLine]


class ItemsView(NamedTuple):
    """What each question of a round did."""

    forms: Sequence[FormItems]
    scale: Scale = SHARES

    @property
    def flagged(self) -> int:
        """How many questions are to be looked at."""
        return sum(line.how.is_flagged for form in self.forms for line in form.lines)


class ServiceLine(NamedTuple):
    """How soon one entry answers: one of its waits."""

    key: tuple[str, str]
    name: Text
    label: Text
    waits: Waits
    spot: Spot


class ReachLine(NamedTuple):
    """How one entry is reached."""

    key: tuple[str, str]
    name: Text
    n: int
    how: Reach
    spot: Spot

    @property
    def is_low(self) -> bool:
        """Whether somebody should look at its number and hours."""
        return self.how.reachability is not None and self.how.reachability < FEW_REACHED


class ServiceView(NamedTuple):
    """How soon the entries of a round answer, and how they are reached."""

    waits: Sequence[ServiceLine]
    reach: Sequence[ReachLine]
    scale: Scale = SHARES

    @property
    def low(self) -> int:
        """How many entries are seldom reached."""
        return sum(line.is_low for line in self.reach)


def items_view(rows: Sequence[TallyRow], forms: Mapping[str, Form]) -> ItemsView:
    """Return what each question did; of a form that is gone its questions go by their ids."""
    whole = merged([wire.decode(row.body, Tally) for row in rows])
    return ItemsView([_form(name, whole, forms.get(name)) for name in sorted(whole.items) if whole.items[name]])


def _form(name: str, whole: Tally, form: Form | None) -> FormItems:
    sums = whole.items[name]
    texts = {one.id: one.text for section in form.sections for one in section.questions} if form else {}
    order = [*(key for key in texts if key in sums), *sorted(sums.keys() - texts.keys())]
    lines = []
    for key in order:
        how = item_figures(sums[key])
        share = None if how.share is None else 100 * how.share
        lines.append(ItemLine(key, texts.get(key, {"en": key}), how, spot(SHARES, share)))
    return FormItems(name, form.title if form else {"en": name}, lines)


def service_view(rows: Sequence[TallyRow], names: Mapping[str, Text], labels: Mapping[str, Text]) -> ServiceView:
    """Return how soon entries answer, the slowest of each wait first; `labels` name what was measured."""
    waits, reached = [], []
    for row in rows:
        tally, key = wire.decode(row.body, Tally), (row.entrant_id, row.channel)
        name = names.get(row.entrant_id, {"en": row.entrant_id})
        for one in waits_of(tally):
            low, high = one.interval
            at = spot(SHARES, 100 * one.level, (100 * low, 100 * high))
            waits.append(ServiceLine(key, name, labels.get(one.key, {"en": one.key}), one, at))
        how, n = reach_of(tally), sum(tally.connected.values()) + sum(tally.unreached.values())
        if how.reachability is not None:
            low, high = wilson(sum(tally.connected.values()), n) or (0.0, 1.0)
            at = spot(SHARES, 100 * how.reachability, (100 * low, 100 * high))
            reached.append(ReachLine(key, name, n, how, at))
    return ServiceView(
        sorted(waits, key=lambda line: (line.waits.key, line.waits.level, line.key)),
        sorted(reached, key=lambda line: (line.how.reachability or 0, line.key)),
    )
