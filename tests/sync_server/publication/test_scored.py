"""SCR: a copy scored entrant by entrant comes to what the whole file comes to."""

from __future__ import annotations

import msgspec
import pytest

from checklists.forms.file import shipped_forms
from checklists.season.file import read_season
from checklists.season.score import score_season
from sync_server.publication.packed import Entrants
from sync_server.publication.scored import CopyScorer
from tests.random_seasons import random_season

HELD = {"editions_held": list(range(2009, 2021))}


@pytest.mark.parametrize("seed", range(4))
def test_scr_1_entrant_by_entrant_it_comes_to_the_same(seed: int) -> None:
    file = {**random_season(seed), **HELD}
    whole = score_season(read_season(msgspec.json.encode(file), shipped_forms()))
    scorer = CopyScorer({**file, "entrants": Entrants.of(file["entrants"])}, shipped_forms())
    shown = []
    scored = scorer.whole(lambda entrant, entries: shown.extend(entries))
    assert tuple(shown) == whole.entries
    assert scored.awards == whole.awards
    assert [one.final for one in scored.entries] == [one.final for one in whole.entries]
    assert not any(each.assessments for one in scored.entries for each in one.rounds)
    assert not any(one.rounds for each in scored.season.entrants for one in each.entries)


def test_scr_2_the_visits_of_an_entrant_are_scored_when_they_are_asked_for() -> None:
    file = {**random_season(1), **HELD}
    whole = score_season(read_season(msgspec.json.encode(file), shipped_forms()))
    scorer = CopyScorer({**file, "entrants": Entrants.of(file["entrants"])}, shipped_forms())
    entrants = map(msgspec.json.encode, reversed(file["entrants"]))
    again = [entry for entrant in entrants for entry in reversed(scorer.entrant(entrant))]
    assert tuple(reversed(again)) == whole.entries
