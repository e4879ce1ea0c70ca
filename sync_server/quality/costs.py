"""What each question took off the bases of some visits: from marks alone, so that no record is read for it.

CST-1  A visit lacks of 100 what its questions took: by the weight of a question's section among those that applied,
       and its points among those of the section. What a failed critical item takes beyond its own points is left out.
CST-2  The cost of a question is the mean over every connected visit, those it took nothing from among them.
CST-3  Each question names the visits that lost most at it, the worst first: no number without what it counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from checklists.forms.form import Form
from checklists.language import Text
from sync_server.quality.tally import VisitMarks

NOTHING = 1e-9


class Lost(NamedTuple):
    """One visit that lost at a question: points of its base."""

    visit: str
    points: float


class Costed(NamedTuple):
    """One question of the visits: its mean cost, in how many it was asked and had full marks, and who lost at it."""

    form: str
    key: str
    text: Text
    cost: float
    asked: int
    full: int
    lost: Sequence[Lost]


def costs(visits: Iterable[tuple[str, VisitMarks]], forms: Mapping[str, Form]) -> Sequence[Costed]:
    """Return the questions of visits (an id, its marks) that took something, the dearest first."""
    lost: dict[tuple[str, str], list[Lost]] = defaultdict(list)
    asked: dict[tuple[str, str], int] = defaultdict(int)
    full: dict[tuple[str, str], int] = defaultdict(int)
    connected = 0
    for name, marks in visits:
        form = forms.get(marks.form)
        if form is None or not marks.connected:
            continue
        connected += 1
        for key, share in _shares(marks).items():
            asked[form.id, key] += 1
            full[form.id, key] += share >= 1 - NOTHING
        for key, points in of_visit(marks, form).items():
            lost[form.id, key].append(Lost(name, points))
    texts = {
        (form.id, one.id): one.text for form in forms.values() for section in form.sections for one in section.questions
    }
    found = [
        Costed(
            *which,
            texts.get(which, {"en": which[1]}),
            sum(one.points for one in each) / connected,
            asked[which],
            full[which],
            sorted(each, key=lambda one: (-one.points, one.visit)),
        )
        for which, each in lost.items()
    ]
    return sorted(found, key=lambda one: (-one.cost, one.form, one.key))


def of_visit(marks: VisitMarks, form: Form) -> Mapping[str, float]:
    """Return what each question took off the base of one visit (CST-1); those that took nothing are left out."""
    shares = _shares(marks)
    applied = [
        (section.weight, [one for one in section.questions if one.id in shares and one.points])
        for section in form.sections
    ]
    weights = sum(weight for weight, asked in applied if asked)
    taken = {}
    for weight, asked in applied:
        possible = sum(one.points for one in asked)
        for one in asked:
            points = 100 * weight / weights * one.points * (1 - shares[one.id]) / possible
            if points > NOTHING:
                taken[one.id] = points
    return taken


def _shares(marks: VisitMarks) -> Mapping[str, float]:
    """Return the share of each question that applied; where it was asked of several recordings, their mean."""
    shares: dict[str, list[float]] = defaultdict(list)
    for item in marks.items:
        if item.share is not None:
            shares[item.key].append(item.share)
    return {key: sum(each) / len(each) for key, each in shares.items()}
