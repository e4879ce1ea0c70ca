"""A diary finds what a look at every contact would find. FLG-8 rests on it."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from sync_server.quality.diary import DAY_S, Diary, has_hours
from sync_server.quality.visits import Peers, Visit

BEGAN = st.integers(0, 12).map(lambda quarter: quarter * DAY_S / 4)
LASTED = st.sampled_from([0.0, 60.0, DAY_S / 4, DAY_S / 2, 1.5 * DAY_S])


@st.composite
def contacts(draw: st.DrawFn) -> list[Visit]:
    spans = draw(st.lists(st.tuples(BEGAN, LASTED, st.sampled_from(["phone_in", "phone_in", "online"])), max_size=12))
    ids = draw(st.permutations(range(len(spans))))
    return [
        Visit(
            id=f"v{number:02}", assessor="a", entrant="e", channel=channel, round=1, form="f",
            began_s=began, ended_s=began + lasted,
        )
        for number, (began, lasted, channel) in zip(ids, spans, strict=True)
    ]  # fmt: skip


def gap(one: Visit, other: Visit) -> float:
    first, second = sorted((one, other), key=lambda visit: (visit.began_s or 0, visit.id))
    return (second.began_s or 0) - (first.ended_s or 0)


def diary_of(visits: Sequence[Visit]) -> Diary:
    diary = Diary()
    for visit in visits:
        diary.add(visit)
    return diary


@given(contacts(), st.data())
def test_what_overlaps_and_what_is_near_is_found(visits: list[Visit], data: st.DataObject) -> None:
    kept = [visit for visit in visits if has_hours(visit)]
    if not kept:
        return
    visit, is_in_it = data.draw(st.sampled_from(kept)), data.draw(st.booleans())
    others = [one for one in kept if one is not visit]
    diary = diary_of(kept if is_in_it else others)
    assert {one.id for one in diary.near(visit)} == {one.id for one in others if gap(visit, one) < DAY_S}
    lasting = [one for one in others if one.began_s != one.ended_s and visit.began_s != visit.ended_s]
    most = max((-gap(visit, one) for one in lasting), default=0)
    found = diary.overlapped(visit)
    if most <= 0:
        assert found is None
    else:
        assert found is not None
        assert found[0] == most == -gap(visit, found[1])
        assert found[1] in lasting


@given(contacts(), contacts())
def test_visits_that_came_and_went_leave_nothing_behind(stay: list[Visit], went: list[Visit]) -> None:
    gone = [Visit(**{name: getattr(one, name) for name in ("assessor", "entrant", "channel", "round", "form",
                     "began_s", "ended_s")}, id=f"gone-{one.id}") for one in went]  # fmt: skip
    peers, plain = Peers(gone), Peers(stay)
    peers.change(stay, gone)
    for visit in filter(has_hours, stay):
        assert peers.diary(visit).overlapped(visit) == plain.diary(visit).overlapped(visit)
        assert list(peers.diary(visit).near(visit)) == list(plain.diary(visit).near(visit))
