"""TLY, ITM, SVL: sums of visits, and what they say of questions and of waits. Ids are those in sync_server/quality/."""

from __future__ import annotations

import random
from statistics import correlation, fmean

import pytest

from sync_server.quality.items import FEW, FINE, LEAST, READINGS, discrimination, item_figures
from sync_server.quality.service import quantile_of, reach_of, waits_of
from sync_server.quality.tally import ItemMark, ItemSums, Tally, VisitMarks, WaitMark, merged, tally_of, tenths

FORM = "phone_in@1"


def a_visit(share: float | None = 1.0, rest: float | None = 0.8, *, waited: float = 12.0, tries: int = 1) -> VisitMarks:
    return VisitMarks(
        form=FORM,
        connected=True,
        tries=tries,
        items=(ItemMark("PA1", share, rest),),
        waits=(WaitMark("wait_sec", waited, 20.0),),
    )


def test_tly_1_a_tally_of_tallies_is_that_of_all_their_visits() -> None:
    """TLY-2, TLY-3"""
    chance = random.Random(3)
    visits = [a_visit(chance.choice([0.0, 0.5, 1.0]), chance.random(), waited=60 * chance.random()) for _ in range(90)]
    visits += [VisitMarks(form=FORM, connected=False, tries=6, timed_out=2, gave_up_s=(31.0, None))]
    whole, parted = tally_of(visits), merged([tally_of(visits[:40]), tally_of(visits[40:])])
    for one, other in zip(whole.items[FORM].values(), parted.items[FORM].values(), strict=True):
        names = ItemSums.__struct_fields__
        assert [getattr(one, name) for name in names] == pytest.approx([getattr(other, name) for name in names])
    assert (whole.visits, whole.waits, whole.connected, whole.unreached, whole.timed_out, whole.gave_up) == (
        parted.visits, parted.waits, parted.connected, parted.unreached, parted.timed_out, parted.gave_up,
    )  # fmt: skip
    assert (tenths(20), tenths(20.04), tenths(19.96)) == (200, 201, 200)


def test_itm_1_sums_give_the_mean_and_the_correlation() -> None:
    chance = random.Random(4)
    pairs = [(chance.choice([0.0, 0.5, 1.0]), chance.random()) for _ in range(60)]
    sums = tally_of(a_visit(*pair) for pair in pairs).items[FORM]["PA1"]
    figures = item_figures(sums)
    assert figures.share == pytest.approx(fmean(share for share, _ in pairs))
    assert figures.discrimination == pytest.approx(correlation(*zip(*pairs, strict=True)))
    assert discrimination(tally_of(a_visit(*pair) for pair in pairs[: LEAST - 1]).items[FORM]["PA1"]) is None
    assert item_figures(tally_of([a_visit(None)] * LEAST).items[FORM]["PA1"]).share is None


@pytest.mark.parametrize(
    ("marks", "words"),
    [
        pytest.param([(1.0, 0.2), (0.0, 0.9)] * 15, READINGS["against"], id="ITM-2 against the rest"),
        pytest.param([(1.0, 0.9), (0.0, 0.2)] * 15, FINE, id="ITM-2 with the rest"),
        pytest.param([(1.0, 0.9), (0.0, 0.2), (None, 0.5)] * 15, READINGS["na"], id="ITM-2 a third is N/A"),
        pytest.param([(1.0, 0.5)] * 30, READINGS["easy"], id="ITM-2 everybody"),
        pytest.param([(0.0, 0.5)] * 30, READINGS["hard"], id="ITM-2 nobody"),
        pytest.param([(0.0, 0.5)] * 19, FEW, id="ITM-1 nineteen are too few"),
    ],
)
def test_a_question_is_read(marks: list[tuple[float | None, float]], words: object) -> None:
    figures = item_figures(tally_of(a_visit(*mark) for mark in marks).items[FORM]["PA1"])
    assert (figures.words, figures.is_flagged) == (words, words not in (FINE, FEW))


def test_svl_1_seventeen_of_twenty_within_twenty_seconds() -> None:
    """SVL-2, QIV-4"""
    (waits,) = waits_of(tally_of([a_visit(waited=10)] * 17 + [a_visit(waited=20.1)] * 3))
    assert (waits.level, [round(100 * edge) for edge in waits.interval]) == (0.85, [64, 95])
    assert (waits.median, waits.ninetieth, waits.levels_s) == (10.0, 20.1, [20.0])


def test_svl_1_who_gave_up_after_the_level_counts_and_who_did_before_does_not() -> None:
    lost = VisitMarks(form=FORM, connected=False, tries=6, timed_out=1, gave_up_s=(5.0, 20.0, 20.5, None))
    (waits,) = waits_of(tally_of([*[a_visit(waited=10)] * 9, lost]))
    assert (waits.within, waits.answered, waits.n) == (9, 9, 12)
    assert waits_of(Tally()) == []


@pytest.mark.parametrize(
    ("counts", "share", "value"),
    [
        ({10: 1, 20: 1}, 0.5, 15.0),
        ({10: 2, 20: 1}, 0.5, 10),
        ({1: 9, 50: 1}, 0.9, 1),
        ({1: 8, 50: 2}, 0.9, 50),
    ],
)
def test_svl_2_median_and_percentile(counts: dict[int, int], share: float, value: float) -> None:
    assert quantile_of(counts, share) == value


def test_cvg_3_an_entry_is_reached_by_its_tries() -> None:
    lost = VisitMarks(form=FORM, connected=False, tries=6)
    reached = reach_of(tally_of([a_visit(), a_visit(), a_visit(tries=3), lost]))
    assert (reached.reachability, reached.first_try, reached.tries_per_connection) == (
        0.75,
        0.5,
        pytest.approx(11 / 3),
    )
