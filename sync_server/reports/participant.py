"""The two-monthly participant report: fourteen parts, from one copy, as blocks in one language.

PRT-1  Its parts are the organiser's, in their order.
PRT-2  The sum of the score is shown term by term, to four decimals, so that it can be done again by hand.
PRT-3  Nobody is named in it but the entrant: no assessor, no clerk, no exact hour; and no rival can be worked out.
PRT-4  Every page says that it is the entrant's alone, and that single contacts are no ground for discipline.
PRT-5  Of a correction it says the number, and what changed for this entry and why; where nothing of its own changed, it
       says that, and not what was corrected of another.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction

from checklists.award.grades import GRADE_WORDS
from checklists.award.projection import projection
from checklists.award.rounds import RoundScore
from checklists.language import N_, Language, sentence
from checklists.number import shown
from checklists.rules.score_rules import ScoreRules
from sync_server.print.document import Block, Document, Figure, Heading, Listed, Rows, Words
from sync_server.quality.intervals import Interval, is_clear_change, of_round, of_visits
from sync_server.reports import figures
from sync_server.reports.cleared import NOTHING, Cleared
from sync_server.reports.parts import later_parts
from sync_server.reports.round_copy import Key, RoundCopy, Visit
from sync_server.reports.source import Source
from sync_server.reports.words import MINUS, Say, bare, one, signed

DISCIPLINE = N_(
    "This report is about the service as a whole, for its improvement. Single contacts are no ground for dismissing or "
    "disciplining anybody."
)


def participant_report(copy: RoundCopy, key: Key, language: Language, cleared: Cleared = NOTHING) -> Document:
    """Return the report of one entry of `copy`, with what holds of its quotes and photos."""
    entry = copy.entry(key)
    say = Say(language, copy.scored.rules.zone("tz"))
    source = Source(copy, key, entry, entry.rounds[copy.number - 1], copy.form_of(key), say, cleared)
    blocks = [*_summary(source), *_sum(source), *later_parts(source)]
    is_draft = copy.released_at is None
    released = say(N_("draft, not released")) if copy.released_at is None else say.moment(copy.released_at)
    edition = copy.file.get("x_edition")
    return Document(
        language=language,
        title=say.text(entry.facts.name),
        head=say.text(edition["title"]) if edition else say(N_("Mystery caller assessment")),
        confidential=say(N_("Confidential: for the entrant only")),
        subject=_cover(source, released),
        foot=say(
            N_("Round {number} · {entrant} · {channel} · rules version {version} · {released} · {digest}"),
            number=copy.number,
            entrant="/".join(key),
            channel=say.label("channel", key[1]),
            version=copy.rules_version,
            released=released,
            digest=f"{copy.id} {copy.digest[:16]}",
        ),
        page_of=say(N_("Page {{page}} of {{pages}}")),
        mark=say(N_("Draft")) if is_draft else "",
        blocks=blocks,
    )


def _cover(source: Source, released: str) -> Sequence[str]:
    say, copy, facts = source.say, source.copy, source.entry.facts
    dates = copy.file.get("x_round")
    spans = ""
    if dates:
        opens, closes = (datetime.fromisoformat(dates[name]) for name in ("opens_at", "closes_at"))
        last = closes - timedelta(microseconds=1)
        spans = say(N_("{opens} to {closes}"), opens=say.day(opens), closes=say.day(last))
    industry = next(
        (one.name for one in copy.scored.season.programme.industries if one.code == facts.industry),
        {"en": facts.industry},
    )
    return [
        say(N_("Report of round {number}"), number=copy.number) + (f" · {spans}" if spans else ""),
        f"{say.label('channel', facts.channel.value)} · {say.text(industry)} · "
        + say(N_("size group {group}"), group=facts.size_group or "–"),
        say(N_("Released: {released} · rules version {version}"), released=released, version=copy.rules_version),
        *_corrected(source),
        say(DISCIPLINE),
    ]


def _corrected(source: Source) -> Sequence[str]:
    say, copy, before = source.say, source.copy, source.copy.before
    if not copy.correction:
        return ()
    was = before.entry(source.key) if before is not None and source.key in before.entries else None
    then = was.rounds[copy.number - 1] if was is not None else None
    if then == source.round:
        return [say(N_("Correction {number}: nothing of this entry changed."), number=copy.correction)]
    scores = {
        "before": "–" if then is None or then.score is None else shown(then.score),
        "after": "–" if source.round.score is None else shown(source.round.score),
    }
    words = N_("Correction {number}: {reason} Round score: {before} → {after}.")
    return [say(words, number=copy.correction, reason=copy.reason, **scores)]


def interval_of(visits: Sequence[Visit], channel: str) -> Interval | None:
    """Return the interval of a round's base scores; of visits to branches the branch is the cluster."""
    scored = [(visit, float(visit.score.base)) for visit in visits if visit.is_reached and visit.score.base is not None]
    if channel != "face_to_face":
        return of_round([base for _, base in scored])
    by_branch: dict[str, list[float]] = {}
    for visit, base in scored:
        by_branch.setdefault(str(visit.seen.get("branch", "")), []).append(base)
    return of_visits(by_branch)


def bases_of(visits: Sequence[Visit]) -> list[float]:
    """Return the bases of what was reached."""
    return [float(visit.score.base) for visit in visits if visit.is_reached and visit.score.base is not None]


def _summary(source: Source) -> Sequence[Block]:
    say, copy, round_ = source.say, source.copy, source.round
    visits = copy.visits(source.key)
    notes = []
    interval = interval_of(visits, source.key[1])
    if round_.score is not None and interval is not None:
        shift = float(round_.score) - interval.mean
        words = N_("95 % interval {low} to {high}, from {n} assessments or branches")
        notes.append(say(words, low=one(interval.low + shift), high=one(interval.high + shift), n=interval.n))
    before = source.entry.rounds[copy.number - 2].score if copy.number > 1 else None
    if before is not None and round_.score is not None:
        step = float(round_.score - before)
        is_clear = is_clear_change(bases_of(copy.visits(source.key, copy.number - 1)), bases_of(visits))
        words = N_("{step} from round {number} ({before})") if is_clear else _NO_CLEAR_CHANGE
        notes.append(say(words, step=signed(step, 2), number=copy.number - 1, before=shown(before)))
    value = "–" if round_.score is None else shown(round_.score)
    if round_.why_no_score is not None:
        notes.append(round_.why_no_score.in_language(say.language))
    blocks: list[Block] = [
        Heading(text=say(N_("1 Summary"))),
        Figure(value=value, label=say(N_("Round score")), notes=notes),
        *_where_it_points(source),
    ]
    if source.form is not None:
        items = figures.items_of(visits, source.form)
        best = [_item(say, item) for item in figures.strongest(items)]
        weak = [_item(say, item) for item in figures.costliest(items)]
        blocks += [
            Listed(title=say(N_("Three strengths")), items=best),
            Listed(title=say(N_("Three actions: what cost most")), items=weak or [say(N_("No point was lost."))]),
        ]
    return blocks


_NO_CLEAR_CHANGE = N_("{step} from round {number} ({before}): no clear change")


def _item(say: Say, item: figures.Item) -> str:
    words = N_("{question}: full marks in {full} of {asked}")
    return say(words, question=bare(say.text(item.question.text)), full=item.full, asked=item.asked)


def _where_it_points(source: Source) -> Sequence[Block]:
    say, rules = source.say, ScoreRules.of(source.copy.scored.rules)
    ahead = projection(source.entry.rounds, rules)
    if ahead.final is None:
        return ()
    done = [each.number for each in source.entry.rounds if each.score is not None]
    words = N_("Weighted score so far, rounds {rounds}: {score}. It points to: {grade}.")
    if len(done) == 1:
        words = N_("Weighted score so far, round {rounds}: {score}. It points to: {grade}.")
    grade = sentence(GRADE_WORDS[ahead.grade]) if ahead.grade else "–"
    return [Words(text=say(words, rounds=tuple(map(str, done)), score=shown(ahead.final), grade=grade))]


def _sum(source: Source) -> Sequence[Block]:
    """Every term of the round's score, each to four decimals."""
    say, round_ = source.say, source.round
    heading = Heading(text=say(N_("2 How the score was made")))
    if round_.score is None or round_.reached_mean is None or round_.bases.mean is None:
        return [heading, Words(text=say(N_("There is no score in this round.")))]
    rows = [
        [words, _signed(value) if number else shown(value, 4)]
        for number, (words, value) in enumerate(_terms(source, round_))
    ]
    rows.append([say(N_("Round score")), shown(round_.score)])
    caption = say(
        N_("Standard deviation of the bases: {sd}. The sum is exact; figures here are rounded to four decimals."),
        sd=f"{float(round_.bases.variance) ** 0.5:.2f}",
    )
    return [heading, Rows(caption=caption, heads=[say(N_("Term")), say(N_("Points"))], rows=rows)]


def _terms(source: Source, round_: RoundScore) -> Sequence[tuple[str, Fraction]]:
    say = source.say
    reached = [one for one in round_.assessments if one.score is not None and one.base is not None]
    n = len(reached)
    base = sum((one.base for one in reached if one.base is not None), Fraction(0)) / n
    ease, penalty = (sum((getattr(one, name) for one in reached), Fraction(0)) / n for name in ("ease", "penalty"))
    met, late = sum(one.ease > 0 for one in reached), [one for one in reached if one.penalty]
    mean, middle = round_.reached_mean or Fraction(0), round_.mean or Fraction(0)
    dates = {visit.score.id: visit.seen.get("on", "") for visit in source.copy.visits(source.key)}
    terms = [(say(N_("Mean of {n} base scores"), n=n), base)]
    terms.append((say(N_("Easy to reach: {met} of {n}"), met=met, n=n), ease))
    listed = say.listed(map(say.on, sorted(dates.get(one.id, "") for one in late))) or "–"
    terms.append((say(N_("Six tries before getting through: {n} ({dates})"), n=len(late), dates=listed), penalty))
    caps = mean - base - ease - penalty
    if caps:
        terms.append((say(N_("Caps of single assessments")), caps))
    if round_.unreached:
        terms.append((say(N_("Never reached: {n}"), n=round_.unreached), middle - mean))
    terms.append((say(N_("Consistency")), round_.bonus.points))
    if round_.faq:
        terms.append((say(N_("FAQ filed late or never")), -round_.faq))
    if round_.deducted:
        terms.append((say(N_("Deducted for what was never reached")), -round_.deducted))
    if round_.raw is not None and round_.score is not None and round_.raw != round_.score:
        terms.append((say(N_("Cap of the round")), round_.score - round_.raw))
    return terms


def _signed(value: Fraction) -> str:
    return ("+" if value > 0 else "") + shown(value, 4).replace("-", MINUS)
