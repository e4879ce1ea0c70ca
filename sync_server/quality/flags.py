"""Flags of one visit: what a reviewer should look at first, each with its figure and the line it crosses (4.5).

FLG-1  Speeding: all answers typed in under 0.4 of the median of that form, or under 2.5 s an answer.
FLG-2  A talk under 45 s; a visit under 3 minutes in which three FAQs were answered.
FLG-3  Recall: the last answer over 2 h after the contact; over 24 h it should go back, and weighs 2.
FLG-4  Straight line: of 8 scale items or more, one value on 95 % of them.
FLG-5  "Not applicable" above the mean of the form and two standard deviations, or above 30 %.
FLG-6  Copied words: five words in a row shared with another form of the assessor, Jaccard 0.8 or more; weighs 2.
FLG-7  Place: over 150 m from the branch, or vaguer than 100 m (or none to be had) with too few other proofs; weighs 2.
FLG-8  Travel: two visits that overlap, or need more than 60 km/h in a straight line; weighs 2.
FLG-9  Clock: off the server's by more than 120 s, or stamps out of order.
FLG-10 Pairing: over a fifth of an entry's round (from 5 visits on), the same entry within 7 days, or the same branch
       within 60 (E12).
FLG-11 Edits: over 20 % of the answers changed after a review asked.
FLG-12 A score far off the others of its entry, round and mode (FAR).
FLG-13 Sent by another app, which stamps nothing and checks nothing: it is always looked at; weighs 2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

from checklists.language import N_, Sentence, Template, sentence
from sync_server.quality.diary import DAY_S, began, ended, has_hours
from sync_server.quality.visits import MOST_NA, Peer, Peers, Visit

SLOW_SHARE, LEAST_S_AN_ANSWER = 0.4, 2.5
LEAST_TALK_S, LEAST_VISIT_S, FAQS_OF_A_VISIT = 45, 180, 3
RECALL_S, RECALL_RETURN_S = 2 * 3600, 24 * 3600
SCALES, STRAIGHT = 8, 0.95
COPIED = 0.8
FAR_M, VAGUE_M = 150, 100
KMH, EARTH_KM = 60, 6371.0
CLOCK_S = 120
PAIRED, LEAST_ROUND, ENTRY_DAYS, BRANCH_DAYS = 0.2, 5, 7, 60
EDITED = 0.2


class Flag(NamedTuple):
    """One flag: its kind, what it weighs, the figure beside its line in words, and where to look."""

    kind: str
    weight: int
    figure: Sentence
    address: str = ""


NAMES: Mapping[str, Template] = {
    "speeding": N_("Filled in fast"),
    "short": N_("Short contact"),
    "recall": N_("Late recall"),
    "straight": N_("Straight line"),
    "na": N_("Many not applicable"),
    "copied": N_("Copied words"),
    "place": N_("Place"),
    "travel": N_("Travel"),
    "clock": N_("Clock"),
    "pairing": N_("Pairing"),
    "edits": N_("Edited after review"),
    "far-off": N_("Score far off"),
    "other-app": N_("Sent by another app"),
}
HEAVY = 2
WEIGHTS: Mapping[str, int] = dict.fromkeys(("copied", "place", "travel", "other-app"), HEAVY)
CAN_BE_HEAVY = ("recall", *WEIGHTS)


def flags_of(visit: Visit, peers: Peers) -> tuple[Flag, ...]:
    """Return the flags of a visit, one of a kind, the heaviest first."""
    return in_order(flags_found(visit, peers, RULES))


def flags_found(visit: Visit, peers: Peers, kinds: Iterable[str]) -> Mapping[str, Flag]:
    """Return the flags of these kinds that a visit has, by their kind."""
    return {
        kind: Flag(kind, one[0] or WEIGHTS.get(kind, 1), one[1], one[2])
        for kind in kinds
        if (one := next(RULES[kind](visit, peers), None)) is not None
    }


def in_order(found: Mapping[str, Flag]) -> tuple[Flag, ...]:
    """Return flags as they are listed: the heaviest first."""
    return tuple(sorted((found[kind] for kind in RULES if kind in found), key=lambda flag: -flag.weight))


Found = Iterator[tuple[int, Sentence, str]]  # weight (0: the usual one), the figure, where to look


def _speeding(visit: Visit, peers: Peers) -> Found:
    if visit.fill_s is None or visit.answered < 2:
        return
    middle = peers.fill_s.get(visit.form)
    each = visit.fill_s / visit.answered
    if middle and visit.fill_s < SLOW_SHARE * middle:
        figure = N_("{took} to answer, half of this form take {middle} or more; line {line}")
        yield (
            0,
            sentence(figure, took=_lasts(visit.fill_s), middle=_lasts(middle), line=_lasts(SLOW_SHARE * middle)),
            "",
        )
    elif each < LEAST_S_AN_ANSWER:
        figure = N_("{each} s an answer; line {line} s")
        yield 0, sentence(figure, each=f"{each:.1f}", line=LEAST_S_AN_ANSWER), ""


def _short(visit: Visit, _peers: Peers) -> Found:
    if visit.channel == "phone_in" and visit.talk_s is not None and visit.talk_s < LEAST_TALK_S:
        yield 0, sentence(N_("talk of {talk} s; line {line} s"), talk=round(visit.talk_s), line=LEAST_TALK_S), ""
    lasted = None if visit.began_s is None or visit.ended_s is None else visit.ended_s - visit.began_s
    is_visit = visit.channel in ("onsite", "face_to_face")
    if is_visit and lasted is not None and lasted < LEAST_VISIT_S and visit.faqs >= FAQS_OF_A_VISIT:
        figure = N_("visit of {lasted} with {faqs} FAQs answered; line {line}")
        yield 0, sentence(figure, lasted=_lasts(lasted), faqs=visit.faqs, line=_lasts(LEAST_VISIT_S)), ""


def _recall(visit: Visit, _peers: Peers) -> Found:
    if visit.recall_s is None or visit.recall_s <= RECALL_S:
        return
    late = visit.recall_s > RECALL_RETURN_S
    figure = N_("last answer {after} after the contact; line {line}")
    line = RECALL_RETURN_S if late else RECALL_S
    yield HEAVY if late else 1, sentence(figure, after=_lasts(visit.recall_s), line=_lasts(line)), ""


def _straight(visit: Visit, _peers: Peers) -> Found:
    if visit.scales >= SCALES and visit.alike >= STRAIGHT * visit.scales:
        figure = N_("{alike} of {scales} scale items have one value; line {line} %")
        yield 0, sentence(figure, alike=visit.alike, scales=visit.scales, line=round(100 * STRAIGHT)), ""


def _na(visit: Visit, peers: Peers) -> Found:
    if not visit.answered:
        return
    share, line = visit.na / visit.answered, min(MOST_NA, peers.na.get(visit.form, MOST_NA))
    if share > line and visit.na > 1:
        figure = N_("{share} % not applicable; line {line} %")
        yield 0, sentence(figure, share=round(100 * share), line=round(100 * line)), ""


def _copied(visit: Visit, _peers: Peers) -> Found:
    if visit.copied >= COPIED:
        figure = N_("{share} % of its words in another form; line {line} %")
        words = sentence(figure, share=int(100 * visit.copied), line=round(100 * COPIED))
        yield 0, words, f"/assessments/{visit.copied_from}"


def _place(visit: Visit, _peers: Peers) -> Found:
    if visit.far_m is not None and visit.far_m > FAR_M and (visit.accuracy_m or 0) <= VAGUE_M:
        yield 0, sentence(N_("{far} m from the branch; line {line} m"), far=visit.far_m, line=FAR_M), ""
    elif visit.proofs_missing:
        figure = N_("no position within {line} m, and {missing} other proofs missing")
        yield 0, sentence(figure, line=VAGUE_M, missing=visit.proofs_missing), ""


def _travel(visit: Visit, peers: Peers) -> Found:
    if not has_hours(visit):
        return
    diary = peers.diary(visit)
    overlapped = diary.overlapped(visit)
    if overlapped is not None:  # worse than any way
        by_s, other = overlapped
        yield 0, sentence(N_("overlaps another contact by {overlap}"), overlap=_lasts(by_s)), f"/assessments/{other.id}"
    elif visit.position is not None:
        ways = [way for other in diary.near(visit) if (way := _way(visit, other)) is not None]
        if ways:
            worst = max(ways, key=lambda way: way.speed)
            yield 0, worst.words, f"/assessments/{worst.to}"


class _Way(NamedTuple):
    """A way between two visits that nobody travels that fast."""

    to: str
    km: float
    gap_s: float
    speed: float

    @property
    def words(self) -> Sentence:
        """Say it. Apart, as only the worst of several is told."""
        figure = N_("{km} km from another visit in {gap}: {speed} km/h; line {line}")
        return sentence(figure, km=f"{self.km:.1f}", gap=_lasts(self.gap_s), speed=round(self.speed), line=KMH)


def _way(visit: Peer, other: Peer) -> _Way | None:
    """Return the way between two visits; None: one person can have made both."""
    if visit.position is None or other.position is None or visit.position == other.position:
        return None
    is_first = (began(visit), visit.id) <= (began(other), other.id)
    first, second = (visit, other) if is_first else (other, visit)
    gap_s, km = max(began(second) - ended(first), 0.0), _km(visit.position, other.position)
    speed = km * 3600 / max(gap_s, 1)
    return _Way(other.id, km, gap_s, speed) if speed > KMH and km > 1 else None


def _clock(visit: Visit, _peers: Peers) -> Found:
    if abs(visit.clock_s) > CLOCK_S:
        yield 0, sentence(N_("off by {off} s; line {line} s"), off=visit.clock_s, line=CLOCK_S), ""
    if visit.is_disordered:
        yield 0, sentence(N_("its moments cannot be right together")), ""


def _pairing(visit: Visit, peers: Peers) -> Found:
    round_ = peers.entry(visit)
    own = sum(one.assessor == visit.assessor for one in round_)
    if len(round_) >= LEAST_ROUND and own > PAIRED * len(round_) and own > 1:
        figure = N_("{own} of {all} visits of this round are this assessor’s; line {line} %")
        yield 0, sentence(figure, own=own, all=len(round_), line=round(100 * PAIRED)), ""
    yield from _again(visit, peers, N_("the same entry {days} days apart; line {line}"), ENTRY_DAYS, _same_entry)
    if visit.branch is not None:
        yield from _again(visit, peers, N_("the same branch {days} days apart; line {line}"), BRANCH_DAYS, _same_branch)


def _again(visit: Visit, peers: Peers, figure: Template, line: int, same: Callable[[Peer, Peer], bool]) -> Found:
    near = [
        (abs(visit.began_s - other.began_s) / DAY_S, other.id)
        for other in peers.others_there(visit)
        if visit.began_s is not None and other.began_s is not None and same(visit, other)
    ]
    if near and min(near)[0] < line:
        days, other_id = min(near)
        yield 0, sentence(figure, days=int(days), line=line), f"/assessments/{other_id}"


def _same_entry(one: Peer, other: Peer) -> bool:
    return one.channel == other.channel


def _same_branch(one: Peer, other: Peer) -> bool:
    return one.branch == other.branch


def _edits(visit: Visit, _peers: Peers) -> Found:
    if visit.answered and visit.edited > EDITED * visit.answered:
        figure = N_("{edited} of {answered} answers changed after the review; line {line} %")
        yield 0, sentence(figure, edited=visit.edited, answered=visit.answered, line=round(100 * EDITED)), ""


def _far_off(visit: Visit, peers: Peers) -> Found:
    middle = peers.middle_where_far_off(visit)
    if middle is not None and visit.base is not None:
        figure = N_("{base}, the median of its entry is {middle}")
        yield 0, sentence(figure, base=f"{visit.base:.1f}", middle=f"{middle:.1f}"), f"/quality?round={visit.round}"


def _other_app(visit: Visit, _peers: Peers) -> Found:
    if visit.missing is not None:
        figure = N_("stamps, evidence or answers that our app would have insisted on: {missing}")
        yield 0, sentence(figure, missing=visit.missing), ""


RULES: Mapping[str, Callable[[Visit, Peers], Found]] = {
    "speeding": _speeding,
    "short": _short,
    "recall": _recall,
    "straight": _straight,
    "na": _na,
    "copied": _copied,
    "place": _place,
    "travel": _travel,
    "clock": _clock,
    "pairing": _pairing,
    "edits": _edits,
    "far-off": _far_off,
    "other-app": _other_app,
}


# Those that look at every visit of a form; the others at the visit, its assessor's and its entry's round alone.
OF_THE_FORM = ("speeding", "na")


def _km(one: tuple[float, float], other: tuple[float, float]) -> float:
    (lat, lon), (to_lat, to_lon) = (map(radians, place) for place in (one, other))
    chord = sin((to_lat - lat) / 2) ** 2 + cos(lat) * cos(to_lat) * sin((to_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(chord)))


def _lasts(seconds: float) -> Sentence:
    if seconds < 120:
        return sentence(N_("{seconds} s"), seconds=round(seconds))
    minutes = round(seconds / 60)
    if minutes < 120:
        return sentence(N_("{minutes} min"), minutes=minutes)
    return sentence(N_("{hours} h {minutes} min"), hours=minutes // 60, minutes=minutes % 60)
