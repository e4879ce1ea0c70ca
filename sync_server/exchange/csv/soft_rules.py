"""Rules an assignment may break with a reason, its `exception`: languages, conflicts, rotation and red lines.

IMP-S1  The assessor speaks the assignment's language, where the file says which ones they speak.
IMP-S2  The assessor has no conflict with the entrant's organisation, or with the entrant, on the first day (E11).
IMP-S3  Nobody takes more of an entry's round, or comes again sooner, than rotation allows (E12, `plan.rotation`).
IMP-S4  The scenario's title and briefing name no red line of the programme (E13). When to stop may name them.
IMP-S5  Judged are assignments that files bring or change, and for red lines those whose scenario they change: what
        was planned before the rule is not theirs to put right. A reason accepts them, and is counted in a remark.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property

from checklists.forms.form import Channel
from checklists.language import N_, Sentence, sentence
from checklists.plan.quota import Size, plan_of
from checklists.plan.red_lines import red_lines_in
from checklists.plan.rotation import BRANCH_DAYS, ENTRANT_DAYS, Turn, beyond_share, too_close
from checklists.rules.programme import Programme
from sync_server.exchange.csv.assignments import Misfit
from sync_server.exchange.csv.overlay import Overlay, unfold
from sync_server.exchange.csv.records import Record


class SoftRules:
    """Judges the assignments of one season, files laid over it. Rotation is worked out once for all of them."""

    def __init__(self, season: Overlay, programme: Programme) -> None:
        self._season = season
        self._programme = programme

    def misfits(self, row: Record) -> Iterator[Misfit]:
        """Yield what `row` breaks without a reason."""
        if not row["exception"]:
            yield from self._broken(row)

    def accepted(self) -> list[str]:
        """Return the ids of assignments that the files bring or change and that come with a reason."""
        rows = self._season.laid("assignments").values()
        return sorted(str(row["id"]) for row in rows if row["exception"] and self._is_new(row) and not row["withdrawn"])

    def in_conflict(self) -> list[str]:
        """Return the ids of kept assignments that a conflict the files declare puts in question."""
        new = set(self._season.changed("conflicts"))
        laid = self._season.laid("assignments")
        return [
            str(row["id"])
            for key, row in self._season.kept["assignments"].items()
            if new and key not in laid and not row["withdrawn"] and not row["exception"] and self._conflict(row, new)
        ]

    def _broken(self, row: Record) -> Iterator[Misfit]:
        if row["withdrawn"]:
            return
        if self._is_new(row):
            yield from self._about_the_assessor(row)
            yield from self._about_rotation(row)
        if self._is_new(row) or (row["scenario_id"],) in self._changed_scenarios:
            yield from self._about_red_lines(row)

    def _about_the_assessor(self, row: Record) -> Iterator[Misfit]:
        spoken = (self._season.row("assessors", row["assessor_id"]) or {}).get("languages") or ()
        if spoken and row["language"] not in spoken:
            message = N_("is not spoken by {assessor} ({spoken}); give it to somebody else, or fill in exception")
            spoken_words = ", ".join(map(str, spoken))
            yield (
                "language",
                "language-not-spoken",
                sentence(message, assessor=row["assessor_id"], spoken=spoken_words),
            )
        conflict = self._conflict(row)
        if conflict is not None:
            message = N_("has a conflict with {organisation}: {reason}; give it to somebody else, or fill in exception")
            words = sentence(message, organisation=conflict["organisation"], reason=conflict["reason"])
            yield ("assessor", "conflict-of-interest", words)

    def _about_rotation(self, row: Record) -> Iterator[Misfit]:
        named = row["id"]
        if named in self._beyond_share:
            message = N_("has more than a fifth of this entry's round; give it to somebody else, or fill in exception")
            yield ("assessor", "rotation-share", sentence(message))
        if named in self._too_close_at_a_branch:
            message = N_("visits this branch again within {days} days; move it, change it, or fill in exception")
            yield ("assessor", "rotation-branch", sentence(message, days=BRANCH_DAYS))
        elif named in self._too_close:
            message = N_("comes to this entrant again within {days} days; move it, change it, or fill in exception")
            yield ("assessor", "rotation-entrant", sentence(message, days=ENTRANT_DAYS))

    def _about_red_lines(self, row: Record) -> Iterator[Misfit]:
        words = self._red_lines(row["scenario_id"])
        if words:
            message = N_("names what no scenario may play: {words}; choose another, or fill in exception")
            yield ("scenario", "red-line", sentence(message, words=tuple(words)))

    def _red_lines(self, scenario_id: str) -> tuple[str, ...]:
        if scenario_id not in self._words:
            scenario = self._season.row("scenarios", scenario_id) or {"title": {}, "briefing": {}}
            texts = [*scenario["title"].values(), *scenario["briefing"].values()]
            self._words[scenario_id] = red_lines_in(texts, self._programme.red_lines.words)
        return self._words[scenario_id]

    def _conflict(self, row: Record, among: Collection[tuple[object, ...]] | None = None) -> Record | None:
        """Return the conflict that holds on the first day of `row`, only `among` those keys where given."""
        entrant = self._season.row("entrants", row["entrant_id"]) or {}
        for organisation in (entrant.get("organisation"), row["entrant_id"]):
            conflict = self._season.row("conflicts", row["assessor_id"], organisation)
            if conflict is None or (among is not None and (row["assessor_id"], organisation) not in among):
                continue
            if conflict["until"] is None or self._first_day(row).isoformat() <= conflict["until"]:
                return conflict
        return None

    def _is_new(self, row: Record) -> bool:
        """Whether the files bring `row` or change it."""
        return row["id"] in self._new

    def _first_day(self, row: Record) -> date:
        first: datetime = row["due_from"]
        return first.astimezone(self._season.zone).date()

    def _turn(self, row: Record) -> Turn:
        last = (row["due_until"] - timedelta(microseconds=1)).astimezone(self._season.zone).date()
        return Turn(id=row["id"], first=self._first_day(row), last=last, is_new=self._is_new(row))

    def _quota(self, entrant_id: str, channel: str) -> int | None:
        entrant = self._season.row("entrants", entrant_id) or {}
        entry = self._season.row("entries", entrant_id, channel) or {}
        size = Size(seats=entrant.get("seats"), branches=entrant.get("branches"))
        plan = plan_of(Channel(channel), size, self._programme.rules, variant=entry.get("onsite_variant"))
        return None if plan.quota is None else plan.quota.per_round

    @cached_property
    def _words(self) -> dict[str, tuple[str, ...]]:
        return {}

    @cached_property
    def _changed_scenarios(self) -> Collection[tuple[object, ...]]:
        return set(self._season.changed("scenarios"))

    @cached_property
    def _new(self) -> Collection[str]:
        kept = self._season.kept["assignments"]
        new = set()
        for key, row in self._season.laid("assignments").items():
            before = unfold(kept[key]) if key in kept else {}
            if any(before.get(name) != value for name, value in row.items() if name != "body"):
                new.add(row["id"])
        return new

    @cached_property
    def _planned(self) -> list[Record]:
        """Every assignment of the season that is to be made."""
        laid, kept = self._season.laid("assignments"), self._season.kept["assignments"]
        rows = [*laid.values(), *(row for key, row in kept.items() if key not in laid)]
        return [row for row in rows if not row["withdrawn"]]

    @cached_property
    def _judged(self) -> list[Record]:
        """Those that count for rotation: what a reason accepts does not count against the others."""
        return [row for row in self._planned if not row["exception"]]

    @cached_property
    def _beyond_share(self) -> Collection[str]:
        planned = Counter((row["entrant_id"], row["channel"], row["round"]) for row in self._planned)
        named: set[str] = set()
        for (_, *entry), turns in self._turns("assessor_id", "entrant_id", "channel", "round").items():
            entrant_id, channel, number = entry
            quota = self._quota(str(entrant_id), str(channel))
            if quota is not None:
                named |= set(beyond_share(turns, planned[str(entrant_id), str(channel), number], quota))
        return named

    @cached_property
    def _too_close(self) -> Collection[str]:
        groups = self._turns("assessor_id", "entrant_id").values()
        return {name for turns in groups for name in too_close(turns, ENTRANT_DAYS)}

    @cached_property
    def _too_close_at_a_branch(self) -> Collection[str]:
        groups = [turns for key, turns in self._turns("assessor_id", "branch_id").items() if key[1] is not None]
        return {name for turns in groups for name in too_close(turns, BRANCH_DAYS)}

    def _turns(self, *columns: str) -> Mapping[tuple[object, ...], list[Turn]]:
        """Group the turns that are judged, where at least one of the group is new."""
        groups: defaultdict[tuple[object, ...], list[Turn]] = defaultdict(list)
        for row in self._judged:
            groups[tuple(row[column] for column in columns)].append(self._turn(row))
        return {key: turns for key, turns in groups.items() if any(turn.is_new for turn in turns)}


def remarks(rules: SoftRules) -> Iterator[Sentence]:
    """Yield what is said of the files though it stops nothing."""
    accepted, in_conflict = rules.accepted(), rules.in_conflict()
    if accepted:
        message = N_(
            "Assignments that come with a reason to break a rule, and are accepted: {count}, such as {examples}."
        )
        yield sentence(message, count=len(accepted), examples=tuple(accepted[:3]))
    if in_conflict:
        message = N_(
            "Assignments handed out already that are in conflict now: {count}, such as {examples}. Give them to others."
        )
        yield sentence(message, count=len(in_conflict), examples=tuple(in_conflict[:3]))
