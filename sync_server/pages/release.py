"""Release: where a round stands on its line of life, its check list, its copies, and why one may not sign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from checklists.language import Sentence, Template
from sync_server.award.desk import SeasonDesk
from sync_server.database.queries import closing as queries
from sync_server.database.queries.publications import Publication, body_of_publication
from sync_server.publication import closing
from sync_server.publication import since as since_copy
from sync_server.publication.life import OUT, STATE_WORDS, RoundState
from sync_server.publication.packed import inflated
from sync_server.publication.process import Changes
from sync_server.publication.readiness import Line, QuotaLine, Readiness, Weight
from sync_server.publication.rounds import Standing
from sync_server.review.outcome import By


class Step(NamedTuple):
    """One state on the line: its words, when it came or will come, and whether it is past or now."""

    name: Template
    at: datetime | None
    is_past: bool
    is_now: bool


class LifeLine(NamedTuple):
    """One round, or the results, with its line."""

    of: Standing
    steps: Sequence[Step]

    @property
    def now(self) -> Template:
        """The words of where it stands."""
        return STATE_WORDS[self.of.state]


class ReleaseView(NamedTuple):
    """Everything the page of one round prints."""

    line: LifeLine
    checks: Sequence[Line]
    quotas: Sequence[QuotaLine]
    stops: int
    asks: int
    copy: Publication | None
    is_out: bool
    may_close: bool
    may_correct: bool
    may_withdraw: bool
    refusal: Sentence | None
    changed_rules: Sequence[str]
    arrived: int
    since: Sequence[Sequence[str]] | None
    moved: Sentence | None
    corrects: Sequence[Sequence[str]] | None
    places: str = ""  # of the results: which places its letters say, as its form has them


def life_line(standing: Standing) -> LifeLine:
    """Return a round's line."""
    states = list(RoundState)
    place = states.index(standing.state)
    # A correction has its own dates below; the line tells when the round itself was closed and signed.
    out = (one for one in standing.copies if one.published_at is not None)
    copy = next(out, standing.copy)
    moments = {
        RoundState.OPEN: standing.opens_at,
        RoundState.CLOSING: standing.closes_at,
        RoundState.CLOSED: copy.made_at if copy else None,
        RoundState.SIGNED: copy.signatures[-1].signed_at if copy and copy.is_signed else None,
        RoundState.RELEASED: standing.released_at or standing.release_at,
        RoundState.FINAL: standing.window_ends_at,
    }
    steps = [
        Step(STATE_WORDS[state], moments.get(state), number < place, number == place)
        for number, state in enumerate(states)
    ]
    return LifeLine(standing, steps)


def waits_as_a_correction(standing: Standing) -> bool:
    """Return whether a correction of what is out waits for its signatures."""
    copy = standing.copy
    return copy is not None and not copy.is_signed and bool(copy.correction) and standing.published is not None


def release_view(
    desk: SeasonDesk,
    standing: Standing,
    ready: Readiness,
    by: By,
    *,
    since: Changes | None = None,
    corrects: Changes | None = None,
) -> ReleaseView:
    """Return the page of a round for whoever looks.

    `since`: every figure that a copy taken now would change; `corrects`: those that a waiting correction changes.
    """
    copy = standing.copy
    file = None if copy is None else inflated(body_of_publication(desk.db, copy.id))
    waits = copy is not None and not copy.is_signed
    number = standing.round
    is_out = standing.state in OUT
    return ReleaseView(
        line=life_line(standing),
        checks=ready.lines,
        quotas=ready.quotas,
        stops=len(ready.open_of(Weight.STOPS)),
        asks=len(ready.open_of(Weight.REASON)),
        copy=copy,
        is_out=is_out,
        may_close=standing.state is RoundState.CLOSING,
        may_correct=is_out and copy is not None and copy.published_at is not None,
        may_withdraw=copy is not None and copy.published_at is None,
        refusal=closing.refusal_of(desk.db, copy, file, by) if waits and copy and file is not None else None,
        changed_rules=since_copy.changed_rules(file, desk, number) if waits and file is not None else (),
        arrived=queries.received_since(desk.db, number, copy.made_at) if copy is not None and number is not None else 0,
        since=since,
        moved=since_copy.moved_since(file, desk, number) if waits and file is not None else None,
        corrects=corrects,
        places=" ".join(file.get("x_results", {}).get("places", ())) if file is not None else "",
    )
